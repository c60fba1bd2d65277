using System.Globalization;

namespace MnistApi.Imaging;

/// <summary>
/// Tells two digits from one in several parts. Refusing a digit is worse than passing two of them on, so it takes marks as high as
/// each other with clear ground between, or more of them than a broken stroke has pieces: a page of text.
/// </summary>
internal static class SeveralDigits
{
    private const float LeastHeight = 0.5f; // of the highest mark
    private const float LeastArea = 0.2f; // of the largest
    private const float GapAcross = 0.3f; // of the higher of two
    private const float GapDown = 0.45f;
    private const int MostParts = 24; // of one digit: some are drawn in dots
    private const int MostNamed = 8; // boxes in the error

    /// <param name="marks">All marks.</param>
    /// <param name="isKept">Those that could be a digit's.</param>
    /// <param name="toSource">A mark's box in the picture as it came.</param>
    /// <exception cref="PictureException">There are several digits; it says how many marks and where.</exception>
    public static void Refuse(ReadOnlySpan<Mark> marks, ReadOnlySpan<bool> isKept, Func<Mark, (int Left, int Top, int Width, int Height)> toSource)
    {
        var groups = new List<Mark>();
        int highest = 0, largest = 0;
        for (var i = 0; i < marks.Length; i++)
        {
            highest = isKept[i] ? Math.Max(highest, marks[i].Height) : highest;
            largest = isKept[i] ? Math.Max(largest, marks[i].Area) : largest;
        }
        for (var i = 0; i < marks.Length; i++)
        {
            if (isKept[i] && marks[i].Height >= LeastHeight * highest && marks[i].Area >= LeastArea * largest)
                groups.Add(marks[i]);
        }
        if (groups.Count <= MostParts)
            groups = Joined(groups);
        if (groups.Count < 2)
            return;
        groups.Sort((a, b) => (a.Left, a.Top).CompareTo((b.Left, b.Top)));
        var boxes = groups.Take(MostNamed).Select(toSource)
            .Select(box => string.Create(CultureInfo.InvariantCulture, $"{box.Width}x{box.Height} at ({box.Left}, {box.Top})"));
        throw new PictureException(PictureError.SeveralDigits,
            $"the picture has several digits: expected one, got {groups.Count} marks: {string.Join(", ", boxes)}{(groups.Count > MostNamed ? ", ..." : "")}");
    }

    private static List<Mark> Joined(List<Mark> marks)
    {
        var groups = new List<Mark>();
        foreach (var mark in marks)
            Join(groups, mark);
        return groups;
    }

    /// <summary>Adds the mark to those that it is no digit apart from.</summary>
    private static void Join(List<Mark> groups, Mark mark)
    {
        for (var i = groups.Count - 1; i >= 0; i--)
        {
            if (IsApart(groups[i], mark))
                continue;
            mark.Add(groups[i]);
            groups.RemoveAt(i);
        }
        groups.Add(mark);
    }

    private static bool IsApart(in Mark a, in Mark b)
    {
        var height = Math.Max(a.Height, b.Height);
        return a.GapAcross(b) > GapAcross * height || a.GapDown(b) > GapDown * height;
    }
}
