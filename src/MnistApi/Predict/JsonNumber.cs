using System.Buffers.Text;
using System.Globalization;
using MnistApi.Inference;

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

    private static readonly double[] s_powersOfTen = [.. Enumerable.Range(0, MaxDigits + 1).Select(PowerOfTen)];

    /// <param name="body">The JSON.</param>
    /// <param name="at">Where the number begins; afterwards, where it ended.</param>
    /// <param name="value">The number.</param>
    /// <param name="isAboveOne">Whether it is above 1.</param>
    /// <returns>False for what is no number from 0 to 255, or none that this reader knows.</returns>
    public static bool TryRead(ReadOnlySpan<byte> body, ref int at, out float value, out bool isAboveOne)
    {
        var start = at;
        var i = at;
        ulong mantissa = 0;
        while (i < body.Length && (uint)(body[i] - '0') <= 9)
            mantissa = mantissa * 10 + (uint)(body[i++] - '0');
        var wholeDigits = i - start;
        var decimals = 0;
        if (i < body.Length && body[i] == '.')
        {
            var point = i++;
            while (i < body.Length && (uint)(body[i] - '0') <= 9)
                mantissa = mantissa * 10 + (uint)(body[i++] - '0');
            decimals = i - point - 1;
            if (decimals == 0)
                return Fail(out value, out isAboveOne);
        }
        if (wholeDigits == 0 || (wholeDigits > 1 && body[start] == '0'))
            return Fail(out value, out isAboveOne);
        at = i;
        if (i < body.Length && body[i] is (byte)'e' or (byte)'E')
        {
            return SkipExponent(body, ref at)
                ? TryReadExactly(body[start..at], out value, out isAboveOne)
                : Fail(out value, out isAboveOne);
        }
        if (mantissa == 0 && wholeDigits + decimals <= MaxDigits)
        {
            value = 0;
            isAboveOne = false;
            return true;
        }
        if (wholeDigits + decimals > MaxDigits)
            return TryReadExactly(body[start..at], out value, out isAboveOne);

        var number = mantissa / s_powersOfTen[decimals];
        value = (float)number;
        isAboveOne = number > 1;
        if (wholeDigits + decimals > ExactDigits && !IsSure(number))
            return TryReadExactly(body[start..at], out value, out isAboveOne);
        return number <= MnistImage.FullInk;
    }

    /// <summary>Whether a double that is off by a unit or two makes the same float, and lies on the same side of 1 and 255.</summary>
    private static bool IsSure(double number)
    {
        var beyondFloat = (int)(BitConverter.DoubleToUInt64Bits(number) & 0x1FFFFFFF);
        return Math.Abs(beyondFloat - FloatsMiddle) > Unsure
            && Math.Abs(number - 1) > 1e-12 && Math.Abs(number - MnistImage.FullInk) > 1e-12;
    }

    private static double PowerOfTen(int exponent) => double.Parse($"1e{exponent}", CultureInfo.InvariantCulture);

    private static bool SkipExponent(ReadOnlySpan<byte> body, ref int at)
    {
        at++;
        if (at < body.Length && body[at] is (byte)'+' or (byte)'-')
            at++;
        var digits = at;
        while (at < body.Length && (uint)(body[at] - '0') <= 9)
            at++;
        return at > digits;
    }

    private static bool TryReadExactly(ReadOnlySpan<byte> text, out float value, out bool isAboveOne)
    {
        if (!Utf8Parser.TryParse(text, out double number, out var consumed) || consumed != text.Length)
            return Fail(out value, out isAboveOne);
        value = (float)number;
        isAboveOne = number > 1;
        return number is >= 0 and <= MnistImage.FullInk;
    }

    private static bool Fail(out float value, out bool isAboveOne)
    {
        value = 0;
        isAboveOne = false;
        return false;
    }
}
