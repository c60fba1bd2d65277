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

    /// <summary>Inputs whose rows of W1 are worked off for all images of a block before the next ones, so that these rows stay in the first cache.</summary>
    private const int RowsAtATime = 128;

    /// <summary>With more non-zero inputs than this share, adding all rows four images at a time is faster than picking.</summary>
    private const float SparseShare = 0.32f;

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

    /// <summary>x·W1, by listed non-zeros while the block's images have few of them, else by all inputs.</summary>
    private static void FirstProduct<TInput>(Workspace workspace, PackedLayer layer, ReadOnlySpan<TInput> x, int images, ref float a)
        where TInput : unmanaged
    {
        if (!TryList(workspace, x, images, layer.Inputs))
        {
            ref var floats = ref workspace.X.First;
            Widen(x, workspace.X.Span[..x.Length]);
            DenseProduct<TSimd, TVector>.Multiply(
                ref floats, (nuint)layer.Inputs, (nuint)images, ref layer.Weights.First, (nuint)layer.Inputs, (nuint)layer.Stride, ref a);
            return;
        }
        MemoryMarshal.CreateSpan(ref a, images * layer.Stride).Clear();
        var room = layer.Inputs + NonZeroList.Slack;
        ref var rows = ref MemoryMarshal.GetArrayDataReference(workspace.Rows);
        ref var values = ref MemoryMarshal.GetArrayDataReference(workspace.Values);
        Span<int> next = stackalloc int[BlockImages];
        next.Clear();
        for (var row = 0; row < layer.Inputs; row += RowsAtATime)
        {
            var isLast = row + RowsAtATime >= layer.Inputs || images == 1;
            for (var image = 0; image < images; image++)
            {
                ref var imageRows = ref Unsafe.Add(ref rows, image * room);
                var from = next[image];
                var to = isLast ? workspace.Counts[image] : EndOfRows(ref imageRows, from, workspace.Counts[image], row + RowsAtATime);
                next[image] = to;
                SparseProduct<TSimd, TVector>.Accumulate(
                    ref imageRows, ref Unsafe.Add(ref values, image * room), (nuint)from, (nuint)to,
                    ref layer.Weights.First, (nuint)layer.Stride, ref Unsafe.Add(ref a, image * layer.Stride));
            }
            if (isLast)
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int EndOfRows(ref ushort rows, int from, int count, int limit)
    {
        while (from < count && Unsafe.Add(ref rows, from) < limit)
            from++;
        return from;
    }

    /// <summary>Lists the non-zeros of each image; gives up as soon as the block turns out too full for it.</summary>
    private static bool TryList<TInput>(Workspace workspace, ReadOnlySpan<TInput> x, int images, int inputs)
        where TInput : unmanaged
    {
        if (inputs > ushort.MaxValue + 1)
            return false;
        var room = inputs + NonZeroList.Slack;
        var left = (int)(SparseShare * inputs * images);
        for (var image = 0; image < images; image++)
        {
            var rows = workspace.Rows.AsSpan(image * room, room);
            var values = workspace.Values.AsSpan(image * room, room);
            var count = typeof(TInput) == typeof(byte)
                ? NonZeroList.Fill(MemoryMarshal.Cast<TInput, byte>(x.Slice(image * inputs, inputs)), rows, values)
                : NonZeroList.Fill(MemoryMarshal.Cast<TInput, float>(x.Slice(image * inputs, inputs)), rows, values);
            workspace.Counts[image] = count;
            left -= count;
            if (left < 0)
                return false;
        }
        return true;
    }

    private static void Widen<TInput>(ReadOnlySpan<TInput> x, Span<float> floats)
        where TInput : unmanaged
    {
        if (typeof(TInput) == typeof(float))
        {
            MemoryMarshal.Cast<TInput, float>(x).CopyTo(floats);
            return;
        }
        var bytes = MemoryMarshal.Cast<TInput, byte>(x);
        var i = 0;
        if (System.Runtime.Intrinsics.Vector128.IsHardwareAccelerated)
        {
            for (; i + 16 <= bytes.Length; i += 16)
            {
                var (low, high) = System.Runtime.Intrinsics.Vector128.Widen(System.Runtime.Intrinsics.Vector128.Create(bytes.Slice(i, 16)));
                var (a, b) = System.Runtime.Intrinsics.Vector128.Widen(low);
                var (c, d) = System.Runtime.Intrinsics.Vector128.Widen(high);
                System.Runtime.Intrinsics.Vector128.ConvertToSingle(a.AsInt32()).CopyTo(floats[i..]);
                System.Runtime.Intrinsics.Vector128.ConvertToSingle(b.AsInt32()).CopyTo(floats[(i + 4)..]);
                System.Runtime.Intrinsics.Vector128.ConvertToSingle(c.AsInt32()).CopyTo(floats[(i + 8)..]);
                System.Runtime.Intrinsics.Vector128.ConvertToSingle(d.AsInt32()).CopyTo(floats[(i + 12)..]);
            }
        }
        for (; i < bytes.Length; i++)
            floats[i] = bytes[i];
    }
}
