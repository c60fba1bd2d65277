using MnistApi.Imaging;
using MnistApi.Inference;

namespace MnistApi.Tests;

/// <summary>The document's example seven, as the service's bodies carry it.</summary>
internal static class Pictures
{
    public static byte[] Seven { get; } = EmbeddedFile.Read("swagger/seven.raw");

    public static byte[] SevenPng { get; } = EmbeddedFile.Read("swagger/seven.png");

    public static string SevenJson { get; } = $"[{string.Join(',', Seven)}]";

    /// <summary>784 zeros with one value put in.</summary>
    public static string JsonWith(int index, string value)
    {
        var numbers = Enumerable.Repeat("0", 784).ToArray();
        numbers[index] = value;
        return $"[{string.Join(',', numbers)}]";
    }

    /// <summary>28 rows of zeros with one value put in.</summary>
    public static string RowsWith(int row, int column, string value)
    {
        var rows = Enumerable.Range(0, 28).Select(y => Enumerable.Range(0, 28).Select(x => y == row && x == column ? value : "0"));
        return $"[{string.Join(',', rows.Select(numbers => $"[{string.Join(',', numbers)}]"))}]";
    }

    /// <summary>The seven, so many times as large, as a PNG.</summary>
    public static byte[] Enlarged(int times)
    {
        int width = times * MnistImage.Width, height = times * MnistImage.Height;
        var large = new byte[width * height];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
                large[y * width + x] = Seven[y / times * MnistImage.Width + x / times];
        }
        return PngEncoding.Encode(large, width, height);
    }
}
