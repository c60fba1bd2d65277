using System.Buffers;
using MnistApi.Inference;

namespace MnistApi.Predict;

/// <summary>
/// Images in a rented array, 784 numbers each, and their scale: bytes as long as all of them are whole numbers, floats from the first
/// that is not.
/// </summary>
internal sealed class PixelBatch : IDisposable
{
    private const int MaxUncertain = 2;

    private byte[] _bytes = [];
    private float[] _floats = [];

    /// <summary>Images so far.</summary>
    public int Count { get; private set; }

    /// <summary>What the pixels are divided by: 255 for bytes, 1 for numbers that are normalised already.</summary>
    public int Scale { get; set; } = MnistImage.FullInk;

    public bool IsBytes { get; private set; } = true;

    /// <summary>The images' pixels where <see cref="IsBytes"/>.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(0, Count * MnistImage.Pixels);

    /// <summary>The images' pixels where not <see cref="IsBytes"/>.</summary>
    public ReadOnlyMemory<float> Floats => _floats.AsMemory(0, Count * MnistImage.Pixels);

    /// <summary>Room for one more image of bytes, or several; they count at once.</summary>
    /// <param name="images">How many.</param>
    /// <param name="slack">Bytes of scratch beyond them.</param>
    public Span<byte> AddBytes(int images = 1, int slack = 0)
    {
        if (!IsBytes)
            throw new InvalidOperationException("the batch holds floats");
        Grow(ref _bytes, images, slack);
        var added = _bytes.AsSpan(Count * MnistImage.Pixels, images * MnistImage.Pixels + slack);
        Count += images;
        return added;
    }

    /// <summary>Room for one more image of floats, or several; they count at once.</summary>
    public Span<float> AddFloats(int images = 1)
    {
        BecomeFloats();
        Grow(ref _floats, images);
        var added = _floats.AsSpan(Count * MnistImage.Pixels, images * MnistImage.Pixels);
        Count += images;
        return added;
    }

    /// <summary>Room for one more image, whose pixels <see cref="Set"/> will bring.</summary>
    public void AddEmpty()
    {
        if (IsBytes)
            AddBytes().Clear();
        else
            AddFloats().Clear();
    }

    /// <summary>
    /// Whether it cannot be told which scale these numbers have, of which one is above 1: fractions that end just above 1 were probably
    /// meant to end at 1, as a resize overshoots; but that is for their sender to say.
    /// </summary>
    public bool IsScaleUncertain()
    {
        if (IsBytes)
            return false;
        var (isAbove, hasFraction) = (false, false);
        foreach (var pixel in Floats.Span)
        {
            if (pixel > MaxUncertain)
                return false;
            isAbove |= pixel > 1;
            hasFraction |= pixel != MathF.Floor(pixel);
        }
        return hasFraction || !isAbove; // the latter where a number is above 1 by less than a float shows
    }

    /// <summary>What to do where <see cref="IsScaleUncertain"/>, after the place of the first value above 1.</summary>
    public static string ScaleUncertain(string key) => $", and all are at most {MaxUncertain}: expected 0..1, or 0..{MnistImage.FullInk} "
        + $"with \"{key}\":{MnistImage.FullInk}; numbers that overshoot 1 are to be cut off there";

    /// <summary>Sets an image's pixels from bytes in 0..255, whatever the batch's scale.</summary>
    public void Set(int image, ReadOnlySpan<byte> pixels)
    {
        if (IsBytes && Scale == MnistImage.FullInk)
        {
            pixels.CopyTo(_bytes.AsSpan(image * MnistImage.Pixels));
            return;
        }
        BecomeFloats();
        var floats = _floats.AsSpan(image * MnistImage.Pixels, MnistImage.Pixels);
        for (var i = 0; i < pixels.Length; i++)
            floats[i] = Scale == 1 ? pixels[i] / (float)MnistImage.FullInk : pixels[i];
    }

    public void BecomeFloats()
    {
        if (!IsBytes)
            return;
        IsBytes = false;
        _floats = ArrayPool<float>.Shared.Rent(Math.Max(1, Count) * MnistImage.Pixels);
        var bytes = Bytes.Span;
        for (var i = 0; i < bytes.Length; i++)
            _floats[i] = bytes[i];
    }

    public void Dispose() => Clear();

    /// <summary>Forgets all images.</summary>
    public void Clear()
    {
        Return(_bytes);
        Return(_floats);
        _bytes = [];
        _floats = [];
        Count = 0;
        IsBytes = true;
        Scale = MnistImage.FullInk;
    }

    private void Grow<T>(ref T[] array, int images, int slack = 0)
    {
        var used = Count * MnistImage.Pixels;
        var needed = used + images * MnistImage.Pixels + slack;
        if (array.Length >= needed)
            return;
        var larger = ArrayPool<T>.Shared.Rent(Math.Max(needed, array.Length * 2));
        array.AsSpan(0, used).CopyTo(larger);
        Return(array);
        array = larger;
    }

    private static void Return<T>(T[] array)
    {
        if (array.Length > 0)
            ArrayPool<T>.Shared.Return(array);
    }
}
