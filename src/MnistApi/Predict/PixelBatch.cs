using System.Buffers;
using MnistApi.Imaging;
using MnistApi.Inference;
using MnistApi.Metrics;

namespace MnistApi.Predict;

/// <summary>
/// The images of one request in a rented array, 784 numbers each: bytes as long as all of them are whole numbers,
/// floats from the first that is not.
/// </summary>
internal sealed class PixelBatch : IDisposable
{
    private byte[] _bytes = [];
    private float[] _floats = [];
    private Dictionary<int, Steps>? _steps; // by image, of those that something was done to
    private Stages _stages;
    private IDisposable? _turn;

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

    /// <summary>One image's floats, to change them.</summary>
    public Span<float> FloatsOf(int image) => _floats.AsSpan(image * MnistImage.Pixels, MnistImage.Pixels);

    /// <summary>Notes what was done to the picture that became the latest image.</summary>
    public void Note(DigitReading reading)
    {
        _stages.Preprocessed(reading.Preprocessing);
        if (reading.Steps != Steps.None)
            (_steps ??= []).Add(Count - 1, reading.Steps);
    }

    /// <summary>Notes that the request's body, or a part of it, has become images.</summary>
    /// <param name="since">When that began: <see cref="Stages.Now"/>.</param>
    public void Decoded(long since) => _stages.Decoded(since);

    /// <summary>Notes that the network has classified all images.</summary>
    /// <param name="since">When that began: <see cref="Stages.Now"/>.</param>
    public void Forwarded(long since) => _stages.Forwarded(since);

    /// <summary>What was done to an image's picture; nothing where it came as pixels.</summary>
    public Steps StepsOf(int image) => _steps?.GetValueOrDefault(image) ?? Steps.None;

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

    /// <summary>Whether the request waited for a turn, which it still has.</summary>
    public bool HasTurn => _turn is not null;

    /// <summary>Keeps the turn that the request waited for until its answer is written, or until the batch is disposed of.</summary>
    public void Keep(IDisposable turn) => _turn = turn;

    /// <summary>The work is done: who reads the answer slowly holds nobody up.</summary>
    public void EndTurn()
    {
        _turn?.Dispose();
        _turn = null;
    }

    public void Dispose()
    {
        EndTurn();
        Clear();
    }

    /// <summary>Forgets all images.</summary>
    public void Clear()
    {
        Return(_bytes);
        Return(_floats);
        _bytes = [];
        _floats = [];
        _steps = null;
        _stages = default;
        Count = 0;
        IsBytes = true;
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
