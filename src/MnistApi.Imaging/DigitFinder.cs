namespace MnistApi.Imaging;

/// <summary>Which components are digits, and which of them together are one, whatever number of parts it was drawn in.</summary>
internal static class DigitFinder
{
    private const byte Threshold = 51; // a fifth; 40 and 64 lose one and three pictures of 6,105
    private const int MinPeak = 128; // a component that nowhere reaches half of plain ink is a stain

    // shares of the main component's longer side, or of its area
    private const float SpeckLength = 0.12f; // shorter and of less area than the next, it is a speck
    private const float SpeckArea = 0.03f;
    private const float FarGap = 0.3f; // further away it is a speck up to the next area
    private const float FarSpeckArea = 0.1f;

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
        var found = Components.Of(page.Plane, Threshold);
        var digits = Arrange(Choose(found.All, page.Plane));
        var digitOf = new int[found.All.Count]; // which digit each component belongs to
        Array.Fill(digitOf, -1);
        for (var i = 0; i < digits.Count; i++)
        {
            foreach (var member in digits[i].Members)
                digitOf[member] = i;
        }
        page.Digits = [.. digits.Select((digit, i) => new Digit(Extract(page.Plane, digit.Box, found, digitOf, i), digit.Box))];
        return digitOf.Contains(-1);
    }

    /// <summary>The components that can be parts of digits: no stains, no specks, nothing that reaches in from outside.</summary>
    private static List<Group> Choose(IReadOnlyList<Component> all, Plane ink)
    {
        var inked = Enumerable.Range(0, all.Count).Where(i => all[i].Peak >= MinPeak).ToList();
        var side = Math.Min(ink.Width, ink.Height);
        var inner = inked.Where(i => !all[i].IsAtEdge(ink) && all[i].Box.Longer >= InnerShare * side).Select(i => all[i]).ToList();
        if (inner.Count > 0 && side >= MinSide)
        {
            var main = inner.MaxBy(part => part.Size);
            inked.RemoveAll(i => all[i].IsAtEdge(ink)
                && (all[i].IsInCorner(ink) || all[i].Box.Width < InnerShare * side || !IsInLine(all[i].Box, main.Box)));
        }
        if (inked.Count == 0)
            throw new PictureException(PictureError.NoInk, $"the picture has no digit: expected strokes, got {all.Count} stains");
        var largest = all[inked.MaxBy(i => all[i].Size)];
        var minDigit = Math.Clamp(side / MinDigitPart, MinDigit, MaxMinDigit);
        if (largest.Box.Longer < minDigit)
        {
            throw new PictureException(PictureError.NoInk, $"the picture has no digit: expected strokes of at least {minDigit} pixels, "
                + $"got {inked.Count} specks, the largest of {largest.Box.Longer}");
        }
        inked.RemoveAll(i => IsSpeck(all[i], largest));
        if (inked.Count > MaxParts)
        {
            throw new PictureException(PictureError.SeveralDigits,
                $"the picture has several digits: expected at most {MaxParts} strokes, got {inked.Count}; print and noise are not read");
        }
        return [.. inked.Select(i => new Group(all[i].Box, [i]))];
    }

    /// <summary>Whether two stand side by side and are about as high: then the one at the edge is a digit that the picture cuts.</summary>
    private static bool IsInLine(Box one, Box other)
    {
        var (lower, higher) = (Math.Min(one.Height, other.Height), Math.Max(one.Height, other.Height));
        return lower >= MinHeight * higher && -one.GapDown(other) >= MinHeight * lower;
    }

    private static bool IsSpeck(Component part, Component main)
    {
        if (part.Box.Longer < SpeckLength * main.Box.Longer && part.Area < SpeckArea * main.Area)
            return true;
        var gap = Math.Max(part.Box.GapAcross(main.Box), part.Box.GapDown(main.Box));
        return part.Area < FarSpeckArea * main.Area && gap > FarGap * main.Box.Longer;
    }

    /// <summary>Puts together what is one digit: what stands above each other, and what is too low with what is beside it.</summary>
    private static List<Group> Arrange(List<Group> parts)
    {
        var digits = new List<Group>();
        foreach (var part in parts)
        {
            foreach (var other in digits.Where(digit => IsAbove(digit.Box, part.Box)).ToArray())
            {
                part.Add(other);
                digits.Remove(other);
            }
            digits.Add(part);
        }
        var highest = digits.Max(digit => digit.Box.Height);
        var low = digits.Where(digit => digit.Box.Height < MinHeight * highest).ToArray();
        digits.RemoveAll(low.Contains);
        foreach (var part in low)
            digits.MinBy(digit => digit.Box.GapAcross(part.Box))!.Add(part);
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
    private static Plane Extract(Plane ink, Box box, Components found, int[] digitOf, int digit)
    {
        const int SoftEdge = 2; // pixels, of what is left out
        var room = box.Longer / MnistRecipe.BoxSide + 3;
        var alone = new Plane(box.Width + 2 * room, box.Height + 2 * room);
        alone.Pixels.Clear();
        var (left, top) = (box.Left - room, box.Top - room);
        var within = box.Widened(room, ink);
        for (var y = within.Top; y < within.Bottom; y++)
            ink.Row(y)[within.Left..within.Right].CopyTo(alone.Row(y - top)[(within.Left - left)..]);
        foreach (var run in found.Runs)
        {
            int from = Math.Max(within.Left, run.From - SoftEdge), to = Math.Min(within.Right, run.To + SoftEdge);
            if (digitOf[run.Component] == digit || from >= to)
                continue;
            for (var y = Math.Max(within.Top, run.Row - SoftEdge); y <= Math.Min(within.Bottom - 1, run.Row + SoftEdge); y++)
                alone.Row(y - top)[(from - left)..(to - left)].Clear();
        }
        foreach (var run in found.Runs)
        {
            if (digitOf[run.Component] == digit)
                ink.Row(run.Row)[run.From..run.To].CopyTo(alone.Row(run.Row - top)[(run.From - left)..]);
        }
        return alone;
    }

    /// <summary>Components that are one digit.</summary>
    private sealed class Group(Box box, List<int> members)
    {
        public Box Box { get; private set; } = box;

        public List<int> Members => members;

        public void Add(Group other)
        {
            Box = Box.With(other.Box);
            members.AddRange(other.Members);
        }
    }
}
