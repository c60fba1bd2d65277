using MnistApi.Inference;
using MnistApi.Inference.Kernels;

namespace MnistApi.Predict;

/// <summary>Who wrote a body with instances.</summary>
internal enum InstancesDialect
{
    /// <summary>A client of POST /predict.</summary>
    Predict,

    /// <summary>
    /// A client of TensorFlow Serving: "signature_name" may stand beside, "inputs" instead, and instances may name their tensor.
    /// </summary>
    Serving,
}

/// <summary>
/// Reads <c>{"instances":[...],"scale":255}</c> fast where it has the form that clients write: arrays of numbers, flat or in
/// rows, and perhaps a scale. Whatever else it meets it leaves to <see cref="StrictInstancesReader"/>, which reads the body from its
/// beginning: so every rule and every error is that reader's alone, and this one only has to be right about what it accepts.
/// </summary>
internal ref struct InstancesReader
{
    private readonly ReadOnlySpan<byte> _body;
    private readonly int _maxInstances;
    private readonly PixelBatch _batch;
    private readonly InstancesDialect _dialect;
    private int _at;
    private bool _isAboveOne;
    private bool _isInputs;

    private InstancesReader(ReadOnlySpan<byte> body, int maxInstances, PixelBatch batch, InstancesDialect dialect)
    {
        _body = body;
        _maxInstances = maxInstances;
        _batch = batch;
        _dialect = dialect;
    }

    /// <summary>Adds the body's images, at most <paramref name="maxInstances"/>, and sets their scale.</summary>
    /// <returns>Whether they are called "inputs" rather than "instances".</returns>
    /// <exception cref="Problems.RefusedException">The body breaks a rule; the message says which and where.</exception>
    public static bool Read(
        ReadOnlySpan<byte> body, int maxInstances, RequestImages images, InstancesDialect dialect = InstancesDialect.Predict)
    {
        if (TryRead(body, maxInstances, images.Pixels, dialect, out var isInputs))
            return isInputs;
        images.Pixels.Clear();
        return StrictInstancesReader.Read(body, maxInstances, images, dialect);
    }

    /// <summary>Whether the body had the common form; if not, what the batch holds is of no use.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, int maxInstances, PixelBatch batch) =>
        TryRead(body, maxInstances, batch, InstancesDialect.Predict, out _);

    private static bool TryRead(ReadOnlySpan<byte> body, int maxInstances, PixelBatch batch, InstancesDialect dialect, out bool isInputs)
    {
        var reader = new InstancesReader(body, maxInstances, batch, dialect);
        var isCommon = reader.TryReadDocument();
        isInputs = reader._isInputs;
        return isCommon;
    }

    private bool TryReadDocument()
    {
        int? scale = null;
        if (!Skip('{'))
            return false;
        if (_dialect == InstancesDialect.Serving && SkipName("\"signature_name\""u8))
        {
            if (!SkipText("\"serving_default\""u8) || !Skip(','))
                return false;
        }
        if (SkipName("\"scale\""u8) && !(TryReadScale(out scale) && Skip(',')))
            return false;
        if (!SkipName("\"instances\""u8))
        {
            _isInputs = _dialect == InstancesDialect.Serving && SkipName("\"inputs\""u8);
            if (!_isInputs)
                return false;
        }
        if (!TryReadInstances())
            return false;
        if (Skip(',') && !(scale is null && SkipName("\"scale\""u8) && TryReadScale(out scale)))
            return false;
        if (!Skip('}'))
            return false;
        SkipSpace();
        if (_at != _body.Length)
            return false;
        if (_batch.IsBytes)
            _isAboveOne = IsAnyByteAboveOne();
        if (_isAboveOne && (scale == 1 || (scale is null && _batch.IsScaleUncertain())))
            return false;
        _batch.Scale = scale ?? (_isAboveOne ? MnistImage.FullInk : 1);
        return true;
    }

    private readonly bool IsAnyByteAboveOne() => _batch.Bytes.Span.ContainsAnyExceptInRange((byte)0, (byte)1);

    private bool TryReadScale(out int? scale)
    {
        SkipSpace();
        var rest = _body[_at..];
        scale = rest.StartsWith("255"u8) ? MnistImage.FullInk : rest.StartsWith("1"u8) ? 1 : null;
        _at += scale == 1 ? 1 : 3;
        return scale is not null && _at < _body.Length && (_body[_at] is (byte)',' or (byte)'}' || JsonSpace.Is(_body[_at]));
    }

    private bool TryReadInstances()
    {
        if (!Skip('['))
            return false;
        do
        {
            if (_batch.Count == _maxInstances || !Skip('[') || !TryReadImage())
                return false;
        }
        while (Skip(','));
        return Skip(']');
    }

    /// <summary>One image after its opening bracket: as bytes while all images so far were, else, or if that fails, as floats.</summary>
    private bool TryReadImage()
    {
        var start = _at;
        if (_batch.IsBytes)
        {
            Span<byte> pixels = stackalloc byte[MnistImage.Pixels + ByteNumbers.Slack];
            if (TryReadBytes(pixels))
            {
                pixels[..MnistImage.Pixels].CopyTo(_batch.AddBytes());
                return true;
            }
            _at = start;
            _isAboveOne = IsAnyByteAboveOne();
        }
        return TryReadFloats(_batch.AddFloats());
    }

    private bool TryReadBytes(scoped Span<byte> pixels)
    {
        SkipSpace();
        if (_at >= _body.Length || _body[_at] != '[')
            return ReadBytes(pixels) == MnistImage.Pixels;
        for (var row = 0; row < MnistImage.Height; row++)
        {
            if ((row > 0 && !Skip(',')) || !Skip('[')
                || ReadBytes(pixels.Slice(row * MnistImage.Width, MnistImage.Width + ByteNumbers.Slack)) != MnistImage.Width)
            {
                return false;
            }
        }
        return Skip(']');
    }

    private int ReadBytes(scoped Span<byte> pixels)
    {
        var count = ByteNumbers.Read(_body, _at, pixels, out var consumed);
        _at += consumed;
        return count;
    }

    private bool TryReadFloats(Span<float> pixels)
    {
        SkipSpace();
        if (_at >= _body.Length || _body[_at] != '[')
            return TryReadNumbers(pixels);
        for (var row = 0; row < MnistImage.Height; row++)
        {
            if ((row > 0 && !Skip(',')) || !Skip('[') || !TryReadNumbers(pixels.Slice(row * MnistImage.Width, MnistImage.Width)))
                return false;
        }
        return Skip(']');
    }

    /// <summary>As many numbers as there is room for, then the closing bracket.</summary>
    private bool TryReadNumbers(Span<float> pixels)
    {
        for (var i = 0; i < pixels.Length; i++)
        {
            SkipSpace();
            if (!JsonNumber.TryRead(_body, ref _at, out pixels[i], out var isAboveOne))
                return false;
            _isAboveOne |= isAboveOne;
            if (!Skip(i == pixels.Length - 1 ? ']' : ','))
                return false;
        }
        return true;
    }

    private bool SkipName(ReadOnlySpan<byte> name) => SkipText(name) && Skip(':');

    private bool SkipText(ReadOnlySpan<byte> text)
    {
        SkipSpace();
        if (!_body[_at..].StartsWith(text))
            return false;
        _at += text.Length;
        return true;
    }

    private bool Skip(char expected)
    {
        SkipSpace();
        if (_at >= _body.Length || _body[_at] != expected)
            return false;
        _at++;
        return true;
    }

    private void SkipSpace() => JsonSpace.Skip(_body, ref _at);
}
