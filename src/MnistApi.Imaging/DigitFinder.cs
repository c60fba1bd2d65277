namespace MnistApi.Imaging;

/// <summary>Which components are digits, and which of them together are one, whatever number of parts it was drawn in.</summary>
internal static class DigitFinder
{
    private const byte Threshold = 51; // a fifth; 40 and 64 lose one and three pictures of 6,105
    private const int MinPeak = 128; // a component that nowhere reaches half of plain ink is a stain

    private const float SpeckArea = 0.1f; // of the main component's: what is less is a speck
    private const float MinHeight = 0.5f; // of the highest digit: what is lower is a part of the digit beside it
    private const float MaxOverlap = 0.1f; // of the narrower of two digits side by side: slanted ones reach over each other
    private const float LineGap = 0.45f; // of the higher of two things above each other: a 5's bar is nearer to it than the next line
    private const int MinSide = 48; // pixels: what touches the edge of a smaller picture, cut tight, is the digit's
    private const float InnerShare = 0.15f; // of the shorter side, from which on a component inside can be the digit
    private const int MinDigitPart = 10; // of the shorter side a digit's longer one has one part at least, within the next two
    private const int MinDigit = 3; // pixels; fewer are dust
    private const int MaxMinDigit = 12; // as many are a digit on the largest page
    private const int MaxParts = 64; // of all digits together: more are a page of print, or noise

    /// <summary>Finds the page's digits; says whether anything was left out.</summary>
    /// <exception cref="PictureException">There are none, or several lines of them.</exception>
    public static bool Find(Page page)
    {
        using var found = new Components(page.Plane, Threshold);
        var groups = Arrange(Choose(found.All, page.Plane));
        page.Digits = [.. groups.Select(group => new Digit(Extract(page.Plane, group, found), group.Box))];
        return groups.Sum(group => group.Members.Length) < found.All.Count;
    }

    /// <summary>The components that can be parts of digits: no stains, no specks, nothing that reaches in from outside.</summary>
    private static List<Component> Choose(IReadOnlyList<Component> all, Plane ink)
    {
        var inked = all.Where(part => part.Peak >= MinPeak).ToList();
        var inner = inked.Where(part => !part.IsAtEdge(ink) && part.Box.Longer >= InnerShare * ink.Shorter).ToList();
        if (inner.Count > 0 && ink.Shorter >= MinSide)
        {
            var main = inner.MaxBy(part => part.Size);
            inked.RemoveAll(part => part.IsAtEdge(ink)
                && (part.IsInCorner(ink) || part.Box.Width < InnerShare * ink.Shorter || !IsInLine(part.Box, main.Box)));
        }
        if (inked.Count == 0)
            throw new PictureException(PictureError.NoInk, $"the picture has no digit: expected strokes, got {all.Count} stains");
        var largest = inked.MaxBy(part => part.Size);
        var minDigit = Math.Clamp(ink.Shorter / MinDigitPart, MinDigit, MaxMinDigit);
        if (largest.Box.Longer < minDigit)
        {
            throw new PictureException(PictureError.NoInk, $"the picture has no digit: expected strokes of at least {minDigit} pixels, "
                + $"got {inked.Count} specks, the largest of {largest.Box.Longer}");
        }
        inked.RemoveAll(part => part.Area < SpeckArea * largest.Area);
        if (inked.Count > MaxParts)
        {
            throw new PictureException(PictureError.SeveralDigits,
                $"the picture has several digits: expected at most {MaxParts} strokes, got {inked.Count}; print and noise are not read");
        }
        return inked;
    }

    /// <summary>Whether two stand side by side and are about as high: then the one at the edge is a digit that the picture cuts.</summary>
    private static bool IsInLine(Box one, Box other)
    {
        var (lower, higher) = (Math.Min(one.Height, other.Height), Math.Max(one.Height, other.Height));
        return lower >= MinHeight * higher && -one.GapDown(other) >= MinHeight * lower;
    }

    /// <summary>Puts together what is one digit: what stands above each other, and what is too low with what is beside it.</summary>
    private static List<Group> Arrange(List<Component> parts)
    {
        var digits = new List<Group>();
        foreach (var part in parts)
        {
            var digit = new Group(part.Box, [part]);
            foreach (var other in digits.Where(other => IsAbove(other.Box, digit.Box)).ToArray())
            {
                digit = digit.With(other);
                digits.Remove(other);
            }
            digits.Add(digit);
        }
        var minHeight = MinHeight * digits.Max(digit => digit.Box.Height);
        foreach (var low in digits.Where(digit => digit.Box.Height < minHeight).ToArray())
        {
            digits.Remove(low);
            var beside = digits.Where(digit => digit.Box.Height >= minHeight).MinBy(digit => digit.Box.GapAcross(low.Box))!;
            digits[digits.IndexOf(beside)] = beside.With(low);
        }
        return [.. digits.OrderBy(digit => digit.Box.Left)];
    }

    /// <summary>Whether one stands above the other, as parts of one digit do and digits side by side do not.</summary>
    private static bool IsAbove(Box one, Box other)
    {
        if (-one.GapAcross(other) <= MaxOverlap * Math.Min(one.Width, other.Width))
            return false;
        var higher = Math.Max(one.Height, other.Height);
        if (one.GapDown(other) > LineGap * higher && Math.Min(one.Height, other.Height) >= MinHeight * higher)
        {
            throw new PictureException(PictureError.SeveralDigits,
                "the picture has several digits, one above the other: expected one, or one line of them");
        }
        return true;
    }

    /// <summary>One digit's ink with room around it for thicker strokes, without what is not its own.</summary>
    private static Plane Extract(Plane ink, Group digit, Components found)
    {
        const int SoftEdge = 2; // pixels, of what is left out
        var part = digit.Box.Widened(digit.Box.Longer / MnistRecipe.BoxSide + 3);
        var alone = ink.Part(part);
        using var others = new Plane(alone.Width, alone.Height);
        others.Pixels.Clear();
        foreach (var other in found.All.Except(digit.Members))
            found.Paint(other, others, part, byte.MaxValue);
        using var left = Morphology.Dilate(others, SoftEdge);
        foreach (var member in digit.Members)
            found.Paint(member, left, part, byte.MinValue);
        left.Invert();
        TensorPrimitives.Min(alone.Pixels, left.Pixels, alone.Pixels);
        return alone;
    }

    /// <summary>Components that are one digit.</summary>
    private sealed record Group(Box Box, Component[] Members)
    {
        public Group With(Group other) => new(Box.With(other.Box), [.. Members, .. other.Members]);
    }
}
