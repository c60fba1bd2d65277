using MnistApi.Imaging;

namespace MnistApi.Predict;

/// <summary>Reads a PNG that came with others, so that an error says which one.</summary>
internal static class Pictures
{
    /// <exception cref="PictureException">It cannot be read; the message begins with <paramref name="place"/>.</exception>
    public static void Read(ReadOnlySpan<byte> png, Span<byte> pixels, LimitOptions limits, string? place)
    {
        try
        {
            DigitReader.Read(png, pixels, limits.PicturePixels);
        }
        catch (PictureException error) when (place is not null)
        {
            throw new PictureException(error.Error, $"{place}: {error.Message}", error);
        }
    }
}
