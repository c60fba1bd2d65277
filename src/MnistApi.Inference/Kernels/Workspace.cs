namespace MnistApi.Inference.Kernels;

/// <summary>
/// The memory that a forward pass works in, one for each thread that runs one, kept between passes: an image's list of
/// non-zeros, the sums of the current and the next layer, and for a block of full images their pixels.
/// </summary>
internal sealed class Workspace
{
    [ThreadStatic]
    private static Workspace? t_current;

    private AlignedFloats _columns;

    private Workspace(int sums, int inputs)
    {
        Rows = new ushort[inputs + NonZeroList.Slack];
        Values = new float[inputs + NonZeroList.Slack];
        A = new AlignedFloats(sums);
        Z = new AlignedFloats(sums);
    }

    public ushort[] Rows { get; }

    public float[] Values { get; }

    public AlignedFloats A { get; }

    public AlignedFloats Z { get; }

    /// <summary>This thread's workspace, made larger first where it is too small.</summary>
    /// <param name="images">Images whose sums <see cref="A"/> and <see cref="Z"/> each have room for.</param>
    /// <param name="width">Sums of an image.</param>
    /// <param name="inputs">Numbers that a list has room for.</param>
    public static Workspace OfThisThread(int images, int width, int inputs)
    {
        var current = t_current;
        if (current is null || current.A.Length < images * width || current.Rows.Length < inputs + NonZeroList.Slack)
        {
            t_current = current = new Workspace(
                Math.Max(images * width, current?.A.Length ?? 0),
                Math.Max(inputs, (current?.Rows.Length ?? NonZeroList.Slack) - NonZeroList.Slack));
        }
        return current;
    }

    /// <summary>Room for the pixels of a block, an image in each column; made when first asked for, since digits seldom need it.</summary>
    public AlignedFloats Columns(int length)
    {
        if (_columns.Length < length)
            _columns = new AlignedFloats(length);
        return _columns;
    }
}
