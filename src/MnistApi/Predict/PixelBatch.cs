using System.Buffers;

namespace MnistApi.Predict;

/// <summary>
/// Images in a rented array, 784 numbers each, and their scale: bytes as long as all of them are whole numbers, floats from the first
/// that is not.
/// </summary>
internal sealed class PixelBatch : IDisposable
{
    private const int UsualRoom = 128 * MnistImage.Pixels; // rented anew no array costs more, and few requests outgrow this one
    private const int MaxUncertain = 2;

    private byte[] _bytes = [];
    private float[] _floats = [];

    public int Count { get; private set; }

    /// <summary>What the pixels are divided by: 255 for bytes, 1 for numbers that are normalised already.</summary>
    public int Scale { get; private set; } = MnistImage.FullInk;

    public bool IsBytes { get; private set; } = true;

    /// <summary>The images' pixels where <see cref="IsBytes"/>.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(0, Count * MnistImage.Pixels);

    /// <summary>The images' pixels where not <see cref="IsBytes"/>.</summary>
    public ReadOnlyMemory<float> Floats => _floats.AsMemory(0, Count * MnistImage.Pixels);

    /// <summary>A pixel of an image, as it came.</summary>
    public float this[int image, int pixel]
    {
        get
        {
            var at = image * MnistImage.Pixels + pixel;
            return IsBytes ? _bytes[at] : _floats[at];
        }
    }

    /// <summary>Room for one more image of bytes, or several, and for scratch beyond them; the images count at once.</summary>
    public Span<byte> AddBytes(int images = 1, int slack = 0)
    {
        if (!IsBytes)
            throw new InvalidOperationException("the batch holds floats");
        return Add(ref _bytes, images, slack);
    }

    /// <summary>Room for one more image of floats, or several; they count at once.</summary>
    public Span<float> AddFloats(int images = 1)
    {
        BecomeFloats();
        return Add(ref _floats, images);
    }

    /// <summary>Room for one more image, whose pixels <see cref="Set"/> will bring.</summary>
    public void AddEmpty()
    {
        if (IsBytes)
            AddBytes().Clear();
        else
            AddFloats().Clear();
    }

    /// <summary>The place among all pixels of the first above 1; below 0 where there is none.</summary>
    public int FirstAboveOne() => IsBytes
        ? Bytes.Span.IndexOfAnyExceptInRange((byte)0, (byte)1)
        : Floats.Span.IndexOfAnyExceptInRange(0, 1);

    /// <summary>
    /// Sets what the pixels are divided by, if that is certain. Without a word of the sender, numbers that all lie within 0..1 are taken
    /// as normalised, others as 0..255; but fractions that end just above 1, as a resize overshoots, were probably meant to end at 1.
    /// </summary>
    /// <param name="asked">What the sender says; null for nothing.</param>
    /// <param name="isAboveOne">Whether any pixel is above 1, be it by less than a float shows.</param>
    public bool TrySetScale(int? asked, bool isAboveOne)
    {
        if (isAboveOne && (asked == 1 || (asked is null && IsScaleUncertain())))
            return false;
        Scale = asked ?? (isAboveOne ? MnistImage.FullInk : 1);
        return true;
    }

    /// <summary>Why <see cref="TrySetScale"/> did not.</summary>
    public static RefusedException NoScale(int? asked, string? firstAboveOne) => new(Refusal.Malformed, firstAboveOne + (asked == 1
        ? ", expected 0..1 as scale is 1"
        : $", and all are at most {MaxUncertain}: expected 0..1, or 0..{MnistImage.FullInk} with \"scale\":{MnistImage.FullInk}; "
            + "numbers that overshoot 1 are to be cut off there"));

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

    /// <summary>Whether there are fractions, or a number above 1 by less than a float shows, and nothing that could be a level.</summary>
    private bool IsScaleUncertain() => !IsBytes && !Floats.Span.ContainsAnyExceptInRange(0, MaxUncertain)
        && (Floats.Span.ContainsAnyExcept(0, 1, MaxUncertain) || FirstAboveOne() < 0);

    private Span<T> Add<T>(ref T[] array, int images, int slack = 0)
    {
        var used = Count * MnistImage.Pixels;
        var added = images * MnistImage.Pixels + slack;
        if (array.Length < used + added)
        {
            var larger = ArrayPool<T>.Shared.Rent(Math.Max(Math.Max(used + added, array.Length * 2), UsualRoom));
            array.AsSpan(0, used).CopyTo(larger);
            Return(array);
            array = larger;
        }
        Count += images;
        return array.AsSpan(used, added);
    }

    private static void Return<T>(T[] array)
    {
        if (array.Length > 0)
            ArrayPool<T>.Shared.Return(array);
    }
}
