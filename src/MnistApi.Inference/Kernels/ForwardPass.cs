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

/// <inheritdoc/>
internal sealed class ForwardPass<TSimd, TVector> : ForwardPass
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    /// <summary>Images that go through the layers together: enough to use each loaded weight often, few enough that their sums stay in the first cache.</summary>
    private const int BlockImages = 32;

    /// <summary>With more non-zero inputs than this share, adding all rows four images at a time is faster than picking.</summary>
    private const float SparseShare = 0.5f;

    public override void Run(ReadOnlySpan<PackedLayer> layers, ReadOnlySpan<byte> x, int batch, Span<float> y, float scale) =>
        InBlocks(layers, x, batch, y, scale);

    public override void Run(ReadOnlySpan<PackedLayer> layers, ReadOnlySpan<float> x, int batch, Span<float> y, float scale) =>
        InBlocks(layers, x, batch, y, scale);

    public override void Activate(Activation activation, ReadOnlySpan<float> a, Span<float> z)
    {
        var workspace = Workspace.OfThisThread(0, 0, PackedLayer.RoundUp(a.Length) * 2);
        var stride = PackedLayer.RoundUp(a.Length);
        var row = workspace.A.Span[..stride];
        var bias = workspace.A.Span.Slice(stride, stride);
        bias.Clear();
        a.CopyTo(row);
        row[a.Length..].Fill(activation == Activation.Softmax ? float.NegativeInfinity : 0f);
        Elementwise<TSimd, TVector>.BiasAndActivate(
            activation, ref MemoryMarshal.GetReference(row), 1, (nuint)stride, 1f, ref MemoryMarshal.GetReference(bias));
        row[..a.Length].CopyTo(z);
    }

    private static void InBlocks<TInput>(ReadOnlySpan<PackedLayer> layers, ReadOnlySpan<TInput> x, int batch, Span<float> y, float scale)
        where TInput : unmanaged
    {
        var inputs = layers[0].Inputs;
        var outputs = layers[^1].Outputs;
        var widest = 0;
        foreach (var layer in layers)
            widest = Math.Max(widest, layer.Stride);
        var workspace = Workspace.OfThisThread(BlockImages, inputs, BlockImages * widest);
        for (var first = 0; first < batch; first += BlockImages)
        {
            var images = Math.Min(BlockImages, batch - first);
            Block(workspace, layers, x.Slice(first * inputs, images * inputs), images, y.Slice(first * outputs, images * outputs), scale);
        }
    }

    /// <summary>One block through all layers: a1 = x·W1 + b1, z1 = h1(a1), a2 = z1·W2 + b2, ..., y.</summary>
    private static void Block<TInput>(
        Workspace workspace, ReadOnlySpan<PackedLayer> layers, ReadOnlySpan<TInput> x, int images, Span<float> y, float scale)
        where TInput : unmanaged
    {
        var layer = layers[0];
        ref var z = ref workspace.A.First;
        ref var spare = ref workspace.Z.First;
        FirstProduct(workspace, layer, x, images, ref z); // a1 = x·W1, (images, 784) · (784, 50)
        Elementwise<TSimd, TVector>.BiasAndActivate(
            layer.Activation, ref z, (nuint)images, (nuint)layer.Stride, scale, ref layer.Bias.First); // z1 = h1(a1 * scale + b1)
        for (var i = 1; i < layers.Length; i++)
        {
            ref var a = ref spare;
            DenseProduct<TSimd, TVector>.Multiply( // a = z·W, (images, 50) · (50, 100)
                ref z, (nuint)layer.Stride, (nuint)images, ref layers[i].Weights.First, (nuint)layers[i].Inputs, (nuint)layers[i].Stride, ref a);
            spare = ref z;
            z = ref a;
            layer = layers[i];
            Elementwise<TSimd, TVector>.BiasAndActivate( // z = h(a + b)
                layer.Activation, ref z, (nuint)images, (nuint)layer.Stride, 1f, ref layer.Bias.First);
        }
        for (var image = 0; image < images; image++)
        {
            MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref z, image * layer.Stride), layer.Outputs)
                .CopyTo(y[(image * layer.Outputs)..]);
        }
    }

    /// <summary>x·W1 for a block: image by image over its listed non-zeros; those that have many are put aside and go through together.</summary>
    private static void FirstProduct<TInput>(Workspace workspace, PackedLayer layer, ReadOnlySpan<TInput> x, int images, ref float a)
        where TInput : unmanaged
    {
        var inputs = layer.Inputs;
        var most = (int)(SparseShare * inputs);
        Span<int> full = stackalloc int[BlockImages];
        var fullCount = 0;
        for (var image = 0; image < images; image++)
        {
            var pixels = x.Slice(image * inputs, inputs);
            var count = List(pixels, workspace, most);
            if (count == NonZeroList.TooMany)
            {
                full[fullCount++] = image;
                continue;
            }
            SparseProduct<TSimd, TVector>.Multiply(
                ref MemoryMarshal.GetArrayDataReference(workspace.Rows), ref MemoryMarshal.GetArrayDataReference(workspace.Values), (nuint)count,
                layer, ref Unsafe.Add(ref a, image * layer.Stride));
        }
        if (fullCount == 0)
            return;
        scoped ref var floats = ref workspace.X.First;
        if (typeof(TInput) == typeof(float) && fullCount == images)
        {
            floats = ref MemoryMarshal.GetReference(MemoryMarshal.Cast<TInput, float>(x));
        }
        else
        {
            for (var i = 0; i < fullCount; i++)
                ToFloats(x.Slice(full[i] * inputs, inputs), workspace.X.Span.Slice(i * inputs, inputs));
        }
        ref var sums = ref fullCount == images ? ref a : ref workspace.Z.First;
        DenseProduct<TSimd, TVector>.Multiply(
            ref floats, (nuint)inputs, (nuint)fullCount, ref layer.Weights.First, (nuint)inputs, (nuint)layer.Stride, ref sums);
        if (fullCount == images)
            return;
        for (var i = 0; i < fullCount; i++)
        {
            MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref sums, i * layer.Stride), layer.Stride)
                .CopyTo(MemoryMarshal.CreateSpan(ref Unsafe.Add(ref a, full[i] * layer.Stride), layer.Stride));
        }
    }

    private static int List<TInput>(ReadOnlySpan<TInput> image, Workspace workspace, int most)
        where TInput : unmanaged =>
        image.Length > ushort.MaxValue + 1 ? NonZeroList.TooMany
        : typeof(TInput) == typeof(byte) ? NonZeroList.Fill(MemoryMarshal.Cast<TInput, byte>(image), workspace.Rows, workspace.Values, most)
        : NonZeroList.Fill(MemoryMarshal.Cast<TInput, float>(image), workspace.Rows, workspace.Values, most);

    private static void ToFloats<TInput>(ReadOnlySpan<TInput> image, Span<float> floats)
        where TInput : unmanaged
    {
        if (typeof(TInput) == typeof(float))
            MemoryMarshal.Cast<TInput, float>(image).CopyTo(floats);
        else
            Widening.ToFloats(ref MemoryMarshal.GetReference(MemoryMarshal.AsBytes(image)), ref MemoryMarshal.GetReference(floats), (nuint)image.Length);
    }
}
