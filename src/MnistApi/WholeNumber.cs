namespace MnistApi;

/// <summary>Whole numbers as addresses and queries write them: digits and nothing else.</summary>
internal static class WholeNumber
{
    public static bool TryParse(string? text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
