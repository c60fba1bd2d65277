using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MnistApi.Inference.Kernels;

/// <summary>The forward pass over packed layers, for one width of vectors.</summary>
internal abstract class ForwardPass
{
    /// <summary>For each width a forward pass, whether or not this machine is fast at it; all give the same classes.</summary>
    public static ForwardPass Vector512 { get; } = new ForwardPass<Simd512, Vector512<float>>();

    /// <inheritdoc cref="Vector512"/>
    public static ForwardPass Vector256 { get; } = new ForwardPass<Simd256, Vector256<float>>();

    /// <inheritdoc cref="Vector512"/>
    public static ForwardPass Vector128 { get; } = new ForwardPass<Simd128, Vector128<float>>();

    /// <inheritdoc cref="Vector512"/>
    public static ForwardPass Scalar { get; } = new ForwardPass<Scalar, float>();

    /// <summary>The widest that this machine does in hardware.</summary>
    public static ForwardPass Best { get; } =
        System.Runtime.Intrinsics.Vector512.IsHardwareAccelerated ? Vector512
        : System.Runtime.Intrinsics.Vector256.IsHardwareAccelerated ? Vector256
        : System.Runtime.Intrinsics.Vector128.IsHardwareAccelerated ? Vector128
        : Scalar;

    /// <summary>y for <paramref name="batch"/> images of bytes, each multiplied with <paramref name="scale"/>.</summary>
    public abstract void Run(ReadOnlySpan<PackedLayer> layers, ReadOnlySpan<byte> x, int batch, Span<float> y, float scale);

    /// <summary>y for <paramref name="batch"/> images of floats, each multiplied with <paramref name="scale"/>.</summary>
    public abstract void Run(ReadOnlySpan<PackedLayer> layers, ReadOnlySpan<float> x, int batch, Span<float> y, float scale);

    /// <summary>z = h(a) for one vector of any length.</summary>
    public abstract void Activate(Activation activation, ReadOnlySpan<float> a, Span<float> z);
}

/// <summary>
/// Blocks of images go through the layers with the images side by side on the lanes; a single image, and the
/// few that are too few for a block, one by one with the outputs on the lanes. Either way each sum is taken
/// in the same order, and an image's answer is the same bit for bit.
/// </summary>
internal sealed class ForwardPass<TSimd, TVector> : ForwardPass
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    private const int BlockImages = LanesProduct<TSimd, TVector>.Images;

    /// <summary>Fewer images are faster one by one: a block that is not full costs its lanes all the same.</summary>
    private const int MinInBlock = 10;

    /// <summary>An image with more non-zero inputs than this share is full: picking its rows
    /// of W is slower than adding up all rows for a block.</summary>
    private const float SparseShare = 0.5f;

    /// <summary>Full images in a block, above which the whole block is multiplied with all of W.</summary>
    private const int MaxFullImages = 4;

    public override void Run(ReadOnlySpan<PackedLayer> layers, ReadOnlySpan<byte> x, int batch, Span<float> y, float scale) =>
        InBlocks(layers, x, batch, y, scale);

    public override void Run(ReadOnlySpan<PackedLayer> layers, ReadOnlySpan<float> x, int batch, Span<float> y, float scale) =>
        InBlocks(layers, x, batch, y, scale);

    public override void Activate(Activation activation, ReadOnlySpan<float> a, Span<float> z)
    {
        var stride = PackedLayer.RoundUp(a.Length);
        var workspace = Workspace.OfThisThread(1, stride, 0);
        var row = workspace.A.Span[..stride];
        var bias = workspace.Z.Span[..stride];
        bias.Clear();
        a.CopyTo(row);
        row[a.Length..].Fill(activation == Activation.Softmax ? float.NegativeInfinity : 0f);
        Elementwise<TSimd, TVector>.BiasAndActivateRow(activation, ref workspace.A.First, (nuint)stride, 1f, ref workspace.Z.First);
        row[..a.Length].CopyTo(z);
    }

    private static void InBlocks<TInput>(ReadOnlySpan<PackedLayer> layers, ReadOnlySpan<TInput> x, int batch, Span<float> y, float scale)
        where TInput : unmanaged
    {
        var inputs = layers[0].Inputs;
        var outputs = layers[^1].Outputs;
        int widest = 0, maxInputs = 0;
        foreach (var layer in layers)
        {
            widest = Math.Max(widest, layer.Stride);
            maxInputs = Math.Max(maxInputs, layer.Inputs);
        }
        var canList = maxInputs <= NonZeroList.MaxInputs;
        var minImages = canList ? MinInBlock : 1;
        var workspace = Workspace.OfThisThread(batch >= minImages ? BlockImages : 1, widest, maxInputs);
        var first = 0;
        for (; batch - first >= minImages; first += BlockImages)
        {
            var images = Math.Min(BlockImages, batch - first);
            Block(workspace, layers, canList, x.Slice(first * inputs, images * inputs), images,
                y.Slice(first * outputs, images * outputs), scale);
        }
        for (; first < batch; first++)
            Single(workspace, layers, x.Slice(first * inputs, inputs), y.Slice(first * outputs, outputs), scale);
    }

    /// <summary>One image through all layers: a1 = x·W1 + b1, z1 = h1(a1), a2 = z1·W2 + b2, ..., y.</summary>
    private static void Single<TInput>(
        Workspace workspace, ReadOnlySpan<PackedLayer> layers, ReadOnlySpan<TInput> x, Span<float> y, float scale)
        where TInput : unmanaged
    {
        ref var z = ref workspace.A.First;
        ref var spare = ref workspace.Z.First;
        var layer = layers[0];
        Product(workspace, layer, List(x, workspace, x.Length), ref z); // a1 = x·W1, (784) · (784, 50)
        Elementwise<TSimd, TVector>.BiasAndActivateRow( // z1 = h1(a1 * scale + b1)
            layer.Activation, ref z, (nuint)layer.Stride, scale, ref layer.Bias.First);
        foreach (var next in layers[1..])
        {
            ref var a = ref spare;
            var row = MemoryMarshal.CreateReadOnlySpan(ref z, layer.Outputs);
            Product(workspace, next, List(row, workspace, row.Length), ref a); // a = z·W, (50) · (50, 100)
            // z = h(a + b)
            Elementwise<TSimd, TVector>.BiasAndActivateRow(next.Activation, ref a, (nuint)next.Stride, 1f, ref next.Bias.First);
            spare = ref z;
            z = ref a;
            layer = next;
        }
        MemoryMarshal.CreateReadOnlySpan(ref z, layer.Outputs).CopyTo(y);
    }

    /// <summary>The same for a block, with an image in each column: z1 = h1(W1ᵀ·x + b1), ...</summary>
    private static void Block<TInput>(
        Workspace workspace, ReadOnlySpan<PackedLayer> layers, bool canList, ReadOnlySpan<TInput> x, int images, Span<float> y, float scale)
        where TInput : unmanaged
    {
        ref var z = ref workspace.A.First;
        ref var spare = ref workspace.Z.First;
        var layer = layers[0];
        if (canList && TryProducts(workspace, layer, x, images, ref spare)) // a1 = x·W1, (images, 784) · (784, 50)
        {
            Transposition.Apply(ref spare, BlockImages, (nuint)layer.Stride, (nuint)layer.Outputs, ref z, BlockImages);
        }
        else
        {
            var columns = workspace.Columns(layer.Inputs * BlockImages);
            Transposition.Apply(
                ref MemoryMarshal.GetReference(x), (nuint)images, (nuint)layer.Inputs, (nuint)layer.Inputs, ref columns.First, BlockImages);
            LanesProduct<TSimd, TVector>.Multiply(ref columns.First, layer, ref z);
        }
        Elementwise<TSimd, TVector>.BiasAndActivateLanes( // z1 = h1(a1 * scale + b1)
            layer.Activation, ref z, (nuint)layer.Outputs, BlockImages, scale, ref layer.Bias.First);
        foreach (var next in layers[1..])
        {
            ref var a = ref spare;
            LanesProduct<TSimd, TVector>.Multiply(ref z, next, ref a); // a = Wᵀ·z, (100, 50) · (50, images)
            Elementwise<TSimd, TVector>.BiasAndActivateLanes( // z = h(a + b)
                next.Activation, ref a, (nuint)next.Outputs, BlockImages, 1f, ref next.Bias.First);
            spare = ref z;
            z = ref a;
            layer = next;
        }
        ref var result = ref MemoryMarshal.GetReference(y);
        for (var image = 0; image < images; image++)
        {
            for (var k = 0; k < layer.Outputs; k++)
                Unsafe.Add(ref result, image * layer.Outputs + k) = Unsafe.Add(ref z, k * BlockImages + image);
        }
    }

    /// <summary>x·W1 for a block, image by image; gives up where too many are full.</summary>
    private static bool TryProducts<TInput>(Workspace workspace, PackedLayer layer, ReadOnlySpan<TInput> x, int images, ref float a)
        where TInput : unmanaged
    {
        var maxCount = (int)(SparseShare * layer.Inputs);
        Span<int> full = stackalloc int[MaxFullImages];
        var fullCount = 0;
        for (var image = 0; image < images; image++)
        {
            var count = List(x.Slice(image * layer.Inputs, layer.Inputs), workspace, maxCount);
            if (count != NonZeroList.TooMany)
                Product(workspace, layer, count, ref Unsafe.Add(ref a, image * layer.Stride));
            else if (fullCount == MaxFullImages)
                return false;
            else
                full[fullCount++] = image;
        }
        foreach (var image in full[..fullCount])
        {
            var count = List(x.Slice(image * layer.Inputs, layer.Inputs), workspace, layer.Inputs);
            Product(workspace, layer, count, ref Unsafe.Add(ref a, image * layer.Stride));
        }
        return true;
    }

    private static void Product(Workspace workspace, PackedLayer layer, int count, ref float a) => RowProduct<TSimd, TVector>.Multiply(
        ref MemoryMarshal.GetArrayDataReference(workspace.Rows), ref MemoryMarshal.GetArrayDataReference(workspace.Values),
        (nuint)count, layer, ref a);

    private static int List<TInput>(ReadOnlySpan<TInput> image, Workspace workspace, int maxCount)
        where TInput : unmanaged =>
        typeof(TInput) == typeof(byte)
            ? NonZeroList.Fill(MemoryMarshal.Cast<TInput, byte>(image), workspace.Rows, workspace.Values, maxCount)
            : NonZeroList.Fill(MemoryMarshal.Cast<TInput, float>(image), workspace.Rows, workspace.Values, maxCount);
}
