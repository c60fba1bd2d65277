using System.Buffers.Text;

namespace MnistApi.Predict;

/// <summary>
/// Reads one JSON number from 0 to 255 as a float32, the same one that rounding its exact value to a double and that to a
/// float gives. Digits are gathered as an integer m with k decimals; m / 10^k in doubles is off by a unit in the last place at
/// most, which the float does not see unless the double lies beside the middle between two floats, or beside 1 or 255: then, and
/// for exponents and for more digits than fit, the framework's exact parser is asked.
/// </summary>
internal static class JsonNumber
{
    private const int MaxDigits = 19; // so many always fit a ulong
    private const int ExactDigits = 15; // so few make m and 10^k exact doubles, and their quotient correctly rounded
    private const int FloatsMiddle = 1 << 28; // of the 29 bits that a double has more than a float
    private const int Unsure = 4; // units in the last place

    private static readonly double[] s_powersOfTen =
        [.. Enumerable.Range(0, MaxDigits + 1).Select(exponent => double.Parse($"1e{exponent}", CultureInfo.InvariantCulture))];

    /// <returns>False for what is no number from 0 to 255, and for one so little above 1 that the float is 1.</returns>
    public static bool TryRead(ReadOnlySpan<byte> json, ref int at, out float value)
    {
        var (start, i) = (at, at);
        var mantissa = ReadDigits(json, ref i, 0);
        var digits = i - start;
        var isNumber = digits == 1 || (digits > 1 && json[start] != '0');
        var decimals = 0;
        if (i < json.Length && json[i] == '.')
        {
            var point = i++;
            mantissa = ReadDigits(json, ref i, mantissa);
            decimals = i - point - 1;
            isNumber &= decimals > 0;
        }
        value = 0;
        if (!isNumber)
            return false;
        digits += decimals;
        var hasExponent = i < json.Length && (json[i] | 0x20) == 'e';
        var isShort = digits <= MaxDigits && !hasExponent;
        var number = isShort && mantissa > 0 ? mantissa / s_powersOfTen[decimals] : 0;
        if (!isShort || (digits > ExactDigits && !IsSure(number)))
        {
            if (!Utf8Parser.TryParse(json[start..], out number, out var consumed))
                return false;
            i = start + consumed;
        }
        at = i;
        value = (float)number;
        return number is >= 0 and <= MnistImage.FullInk && (value != 1 || number <= 1);
    }

    private static ulong ReadDigits(ReadOnlySpan<byte> json, ref int at, ulong mantissa)
    {
        while (at < json.Length && (uint)(json[at] - '0') <= 9)
            mantissa = mantissa * 10 + (uint)(json[at++] - '0');
        return mantissa;
    }

    /// <summary>Whether a double that is off by a unit or two makes the same float, and lies on the same side of 1 and 255.</summary>
    private static bool IsSure(double number)
    {
        var beyondFloat = (int)(BitConverter.DoubleToUInt64Bits(number) & 0x1FFFFFFF);
        return Math.Abs(beyondFloat - FloatsMiddle) > Unsure
            && Math.Abs(number - 1) > 1e-12 && Math.Abs(number - MnistImage.FullInk) > 1e-12;
    }
}
