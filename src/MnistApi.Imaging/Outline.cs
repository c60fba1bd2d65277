using System.Numerics;

namespace MnistApi.Imaging;

/// <summary>The outline of one connected piece of a plane: its corners where it is convex, and whatever bays it has besides.</summary>
internal readonly struct Outline
{
    private const float LeastOfRectangle = 0.85f; // of the smallest rectangle around it; scraps have rough edges
    private const float LeastOfSharp = 0.95f; // the same, for what a program drew: a thick 0 has round corners
    private const float LeastStraight = 0.92f; // of the outline: thick digits have bays
    private const float LeastOfFour = 0.85f; // of the outline, within its four farthest corners; of a circle it is 2 / pi
    private const float Longest = 2.5f; // times the shorter sides

    private readonly List<Vector2> _corners;
    private readonly int _area;

    private Outline(List<Vector2> corners, int area) => (_corners, _area) = (corners, area);

    /// <summary>The outline of what is not 0.</summary>
    public static Outline Of(Plane piece, Box box)
    {
        var area = 0;
        List<Vector2> left = [], right = [];
        for (var y = box.Top; y < box.Bottom; y++)
        {
            var row = piece.Row(y);
            int first = row.IndexOfAnyExcept((byte)0), last = row.LastIndexOfAnyExcept((byte)0);
            if (first < 0)
                continue;
            area += row.Length - row.Count((byte)0);
            foreach (var edge in (ReadOnlySpan<int>)[y, y + 1]) // of the row: pixels have an extent
            {
                Add(left, new Vector2(first, edge), 1);
                Add(right, new Vector2(last + 1, edge), -1);
            }
        }
        left.Reverse();
        return new Outline([.. right, .. left], area);
    }

    /// <summary>Whether it has the shape of a sheet of paper: a rectangle, whichever way it lies, or four straight sides where it is seen aslant.</summary>
    public bool IsSheet
    {
        get
        {
            var rectangle = SmallestRectangle();
            if (_area >= LeastOfRectangle * Area(rectangle))
                return IsNoStrip(rectangle);
            var whole = Area(_corners);
            return _area >= LeastStraight * whole && LargestFour() is { } four && Area(four) >= LeastOfFour * whole && IsNoStrip(four);
        }
    }

    /// <summary>Whether it is a rectangle with sharp corners.</summary>
    public bool IsRectangle
    {
        get
        {
            var rectangle = SmallestRectangle();
            return _area >= LeastOfSharp * Area(rectangle) && IsNoStrip(rectangle);
        }
    }

    /// <summary>Fills the bays in it.</summary>
    public void Fill(Plane piece, byte with)
    {
        for (var y = 0; y < piece.Height; y++)
        {
            var (middle, from, to) = (y + 0.5f, float.MaxValue, float.MinValue);
            for (var i = 0; i < _corners.Count; i++)
            {
                var (a, b) = (_corners[i], _corners[(i + 1) % _corners.Count]);
                if (a.Y > middle == b.Y > middle)
                    continue;
                var x = a.X + (b.X - a.X) * (middle - a.Y) / (b.Y - a.Y);
                (from, to) = (Math.Min(from, x), Math.Max(to, x));
            }
            if (from < to)
                piece.Row(y)[(int)MathF.Round(from)..(int)MathF.Round(to)].Fill(with);
        }
    }

    /// <summary>Of the rectangles around it the smallest: one that a side of the outline lies along.</summary>
    private Vector2[] SmallestRectangle()
    {
        Vector2[] smallest = [];
        for (var i = 0; i < _corners.Count; i++)
        {
            var along = Vector2.Normalize(_corners[(i + 1) % _corners.Count] - _corners[i]);
            var down = new Vector2(-along.Y, along.X);
            var (least, most) = (new Vector2(float.MaxValue), new Vector2(float.MinValue));
            foreach (var corner in _corners)
            {
                var turned = new Vector2(Vector2.Dot(corner, along), Vector2.Dot(corner, down));
                (least, most) = (Vector2.Min(least, turned), Vector2.Max(most, turned));
            }
            Vector2[] rectangle = [least, new(most.X, least.Y), most, new(least.X, most.Y)];
            if (i == 0 || Area(rectangle) < Area(smallest))
                smallest = rectangle;
        }
        return smallest;
    }

    /// <summary>Goes on with one side of a convex outline: corners that it would turn in at are none.</summary>
    private static void Add(List<Vector2> side, Vector2 next, int turn)
    {
        while (side.Count >= 2 && turn * Cross(side[^2], side[^1], next) >= 0)
            side.RemoveAt(side.Count - 1);
        side.Add(next);
    }

    /// <summary>The four corners that have the most between them: for each diagonal the farthest corner on both sides, which only moves on as the diagonal does.</summary>
    private Vector2[]? LargestFour()
    {
        var corners = _corners;
        var (count, most) = (corners.Count, 0f);
        Vector2[]? four = null;
        for (var i = 0; i < count - 3; i++)
        {
            int second = i + 1, fourth = i + 3;
            for (var k = i + 2; k < count - 1; k++)
            {
                while (second + 1 < k && Height(second + 1) >= Height(second))
                    second++;
                fourth = Math.Max(fourth, k + 1);
                while (fourth + 1 < count && Height(fourth + 1) >= Height(fourth))
                    fourth++;
                var area = Height(second) + Height(fourth);
                if (area <= most)
                    continue;
                most = area;
                four = [corners[i], corners[second], corners[k], corners[fourth]];

                float Height(int corner) => Math.Abs(Cross(corners[i], corners[k], corners[corner]));
            }
        }
        return four;
    }

    private static bool IsNoStrip(Vector2[] four)
    {
        var across = Vector2.Distance(four[0], four[1]) + Vector2.Distance(four[2], four[3]);
        var down = Vector2.Distance(four[1], four[2]) + Vector2.Distance(four[3], four[0]);
        return Math.Max(across, down) <= Longest * Math.Min(across, down);
    }

    private static float Area(IReadOnlyList<Vector2> corners)
    {
        var twice = 0f;
        for (var i = 0; i < corners.Count; i++)
        {
            var (a, b) = (corners[i], corners[(i + 1) % corners.Count]);
            twice += a.X * b.Y - a.Y * b.X;
        }
        return Math.Abs(twice) / 2;
    }

    private static float Cross(Vector2 from, Vector2 to, Vector2 point) => (to.X - from.X) * (point.Y - from.Y) - (to.Y - from.Y) * (point.X - from.X);
}
