namespace MnistApi.Imaging;

/// <summary>The shape that one mark has, or several together: lines, boxes and circles are printed, not written. In cells of the picture.</summary>
internal readonly ref struct MarkShape
{
    private const float Band = 0.06f; // of the width and height: so far a box's sides may be aslant
    private const float RuleBand = 0.12f; // of a line's width: so far one drawn by hand may rise, with its thickness
    private const float Cover = 0.85f; // of each side; a round 0 has half of that
    private const float DashCover = 0.45f; // the same, of a dashed one
    private const float Whole = 0.9f; // of its cells, for what consists of nothing else
    private const float LeastRound = 0.8f; // of a circle's longer side, its shorter; a 0 is narrower
    private const float RingRadius = 0.75f; // of a circle's, within which there is nothing of it

    private readonly IReadOnlyList<Marks.Run> _runs;
    private readonly ReadOnlySpan<bool> _isOf;
    private readonly int _left = int.MaxValue, _top = int.MaxValue, _right, _bottom;

    /// <param name="runs">Those of all marks.</param>
    /// <param name="isOf">Which marks it is about.</param>
    public MarkShape(IReadOnlyList<Marks.Run> runs, ReadOnlySpan<bool> isOf)
    {
        _runs = runs;
        _isOf = isOf;
        foreach (var run in runs)
        {
            if (!isOf[run.Mark])
                continue;
            (_left, _right) = (Math.Min(_left, run.From), Math.Max(_right, run.To));
            (_top, _bottom) = (Math.Min(_top, run.Row), Math.Max(_bottom, run.Row + 1));
        }
    }

    private int Width => _right - _left;

    private int Height => _bottom - _top;

    /// <summary>Whether it is a drawn box: ink along all four sides of the rectangle around it, as no digit has.</summary>
    public bool IsBox => Sides(out _) is var (top, bottom, left, right) && Math.Min(top, bottom) >= Cover * Width && Math.Min(left, right) >= Cover * Height;

    /// <summary>Whether it is the same in dashes, and nothing else.</summary>
    public bool IsDashedBox => Sides(out var along) is var (top, bottom, left, right) && along >= Whole
        && Math.Min(top, bottom) >= DashCover * Width && Math.Min(left, right) >= DashCover * Height;

    /// <summary>Whether it is a straight line across, alone or with others along the sides of the rectangle around it: to write on, or a comb's field.</summary>
    public bool IsRule => Height <= 1 + (int)(Width * RuleBand)
        || (Sides(out var along) is var (top, bottom, _, _) && along >= Whole && Math.Max(top, bottom) >= Cover * Width);

    /// <summary>Whether it is a drawn circle: all of it as far from its middle.</summary>
    public bool IsCircle
    {
        get
        {
            if (Math.Min(Width, Height) < LeastRound * Math.Max(Width, Height))
                return false;
            var (area, along) = (0, 0);
            foreach (var run in _runs)
            {
                if (!_isOf[run.Mark])
                    continue;
                area += run.To - run.From;
                for (var x = run.From; x < run.To; x++)
                {
                    float across = (2 * x + 1 - _left - _right) / (float)Width, down = (2 * run.Row + 1 - _top - _bottom) / (float)Height;
                    along += across * across + down * down >= RingRadius * RingRadius ? 1 : 0;
                }
            }
            return along >= Whole * area;
        }
    }

    /// <summary>How many cells of each side of the rectangle around it are ink, and the share of its ink that lies along any of them.</summary>
    private (int Top, int Bottom, int Left, int Right) Sides(out float along)
    {
        int bandAcross = 1 + (int)(Width * Band), bandDown = 1 + (int)(Height * Band), area = 0, within = 0;
        Span<bool> isAtTop = stackalloc bool[_right], isAtBottom = stackalloc bool[_right], isAtLeft = stackalloc bool[_bottom], isAtRight = stackalloc bool[_bottom];
        foreach (var run in _runs)
        {
            if (!_isOf[run.Mark])
                continue;
            bool isTop = run.Row < _top + bandDown, isBottom = run.Row >= _bottom - bandDown;
            area += run.To - run.From;
            if (!isTop && !isBottom)
                within += Math.Max(0, Math.Min(run.To, _right - bandAcross) - Math.Max(run.From, _left + bandAcross));
            isAtLeft[run.Row] |= run.From < _left + bandAcross;
            isAtRight[run.Row] |= run.To > _right - bandAcross;
            if (isTop)
                isAtTop[run.From..run.To].Fill(true);
            if (isBottom)
                isAtBottom[run.From..run.To].Fill(true);
        }
        along = 1 - within / (float)area;
        return (isAtTop.Count(true), isAtBottom.Count(true), isAtLeft.Count(true), isAtRight.Count(true));
    }
}
