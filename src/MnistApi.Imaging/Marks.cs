namespace MnistApi.Imaging;

/// <summary>The connected pieces of ink in a picture, eight neighbours a pixel: runs of each row, joined with those of the row above.</summary>
internal sealed class Marks
{
    private const int MostRuns = 1 << 16;

    private readonly List<Run> _runs = [];

    private Marks()
    {
    }

    private record struct Run(int Row, int From, int To, int Mark);

    /// <summary>The pieces, in the order of their first rows.</summary>
    public Mark[] All { get; private set; } = [];

    /// <param name="ink">0 ground to 255 ink.</param>
    /// <param name="threshold">Ink from here on counts.</param>
    /// <exception cref="PictureException">There are so many that the picture is noise.</exception>
    public static Marks Find(Plane ink, byte threshold)
    {
        var marks = new Marks();
        marks.FindRuns(ink, threshold);
        marks.Gather(ink);
        return marks;
    }

    /// <summary>Clears the ink that is further than a margin from all marks to be kept.</summary>
    public void KeepOnly(Plane ink, ReadOnlySpan<bool> isKept, int margin)
    {
        using var kept = new Plane(ink.Width, ink.Height);
        kept.Pixels.Clear();
        foreach (var run in _runs)
        {
            if (!isKept[run.Mark])
                continue;
            int from = Math.Max(0, run.From - margin), to = Math.Min(ink.Width, run.To + margin);
            for (var y = Math.Max(0, run.Row - margin); y <= Math.Min(ink.Height - 1, run.Row + margin); y++)
                ink.Row(y)[from..to].CopyTo(kept.Row(y)[from..]);
        }
        kept.Pixels.CopyTo(ink.Pixels);
    }

    private void FindRuns(Plane ink, byte threshold)
    {
        var above = 0; // the first run of the row above that may still touch
        var rowStart = 0;
        for (var y = 0; y < ink.Height; y++)
        {
            above = rowStart;
            rowStart = _runs.Count;
            var row = ink.Row(y);
            for (var x = 0; ;)
            {
                var begin = row[x..].IndexOfAnyInRange(threshold, byte.MaxValue);
                if (begin < 0)
                    break;
                var from = x + begin;
                var length = row[from..].IndexOfAnyInRange((byte)0, (byte)(threshold - 1));
                x = length < 0 ? row.Length : from + length;
                Add(new Run(y, from, x, _runs.Count), ref above, rowStart);
            }
        }
    }

    private void Add(Run run, ref int above, int rowStart)
    {
        if (_runs.Count == MostRuns)
            throw new PictureException(PictureError.NoInk, $"the picture is noise: expected a digit, got more than {MostRuns} pieces of ink");
        var index = _runs.Count;
        _runs.Add(run);
        while (above < rowStart && _runs[above].To < run.From)
            above++;
        for (var other = above; other < rowStart && _runs[other].From <= run.To; other++)
            Join(index, other);
    }

    private void Join(int a, int b)
    {
        a = RootOf(a);
        b = RootOf(b);
        var (root, other) = (Math.Min(a, b), Math.Max(a, b));
        _runs[other] = _runs[other] with { Mark = root };
    }

    private int RootOf(int run)
    {
        while (_runs[run].Mark != run)
        {
            var parent = _runs[run].Mark;
            _runs[run] = _runs[run] with { Mark = _runs[parent].Mark }; // halves the way for the next
            run = parent;
        }
        return run;
    }

    private void Gather(Plane ink)
    {
        var numbers = new Dictionary<int, int>(); // of marks, by their first run
        var roots = new int[_runs.Count];
        for (var i = 0; i < roots.Length; i++)
            roots[i] = RootOf(i);
        var all = new List<Mark>();
        for (var i = 0; i < roots.Length; i++)
        {
            var run = _runs[i];
            var mark = Of(run, ink);
            if (numbers.TryGetValue(roots[i], out var number))
            {
                var whole = all[number];
                whole.Add(mark);
                all[number] = whole;
            }
            else
            {
                number = all.Count;
                numbers.Add(roots[i], number);
                all.Add(mark);
            }
            _runs[i] = run with { Mark = number };
        }
        All = [.. all];
    }

    private static Mark Of(Run run, Plane ink)
    {
        byte peak = 0;
        foreach (var pixel in ink.Row(run.Row)[run.From..run.To])
            peak = Math.Max(peak, pixel);
        var length = run.To - run.From;
        return new Mark
        {
            Left = run.From,
            Top = run.Row,
            Right = run.To,
            Bottom = run.Row + 1,
            Area = length,
            Peak = peak,
            OnLeftEdge = run.From == 0 ? 1 : 0,
            OnRightEdge = run.To == ink.Width ? 1 : 0,
            OnTopEdge = run.Row == 0 ? length : 0,
            OnBottomEdge = run.Row == ink.Height - 1 ? length : 0,
        };
    }
}
