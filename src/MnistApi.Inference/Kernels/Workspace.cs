namespace MnistApi.Inference.Kernels;

/// <summary>
/// The memory that a forward pass works in, one for each thread that runs one, kept between passes: an image's list of
/// non-zeros, a block's full images as floats, and the sums of the current and the next layer.
/// </summary>
internal sealed class Workspace
{
    [ThreadStatic]
    private static Workspace? t_current;

    private readonly int _images;
    private readonly int _inputs;

    private Workspace(int images, int inputs, int sums)
    {
        _images = images;
        _inputs = inputs;
        Rows = new ushort[inputs + NonZeroList.Slack];
        Values = new float[inputs + NonZeroList.Slack];
        X = new AlignedFloats(images * inputs);
        A = new AlignedFloats(sums);
        Z = new AlignedFloats(sums);
    }

    public ushort[] Rows { get; }

    public float[] Values { get; }

    public AlignedFloats X { get; }

    public AlignedFloats A { get; }

    public AlignedFloats Z { get; }

    /// <summary>This thread's workspace, made larger first where it is too small.</summary>
    public static Workspace OfThisThread(int images, int inputs, int sums)
    {
        var current = t_current;
        if (current is null || current._images < images || current._inputs < inputs || current.A.Length < sums)
        {
            t_current = current = new Workspace(
                Math.Max(images, current?._images ?? 0), Math.Max(inputs, current?._inputs ?? 0), Math.Max(sums, current?.A.Length ?? 0));
        }
        return current;
    }
}
