namespace MnistApi.Imaging;

/// <summary>A connected piece of ink.</summary>
internal struct Mark
{
    public int Left;
    public int Top;
    public int Right; // the first column beyond
    public int Bottom;
    public int Area;
    public byte Peak;
    public int OnLeftEdge; // pixels of it on the picture's edges
    public int OnTopEdge;
    public int OnRightEdge;
    public int OnBottomEdge;

    public readonly int Width => Right - Left;

    public readonly int Height => Bottom - Top;

    public readonly int Longer => Math.Max(Width, Height);

    public readonly bool IsAtEdge => OnLeftEdge + OnTopEdge + OnRightEdge + OnBottomEdge > 0;

    /// <summary>Pixels between two marks' boxes from side to side; negative where they overlap.</summary>
    public readonly int GapAcross(in Mark other) => Math.Max(Left, other.Left) - Math.Min(Right, other.Right);

    /// <summary>The same from top to bottom.</summary>
    public readonly int GapDown(in Mark other) => Math.Max(Top, other.Top) - Math.Min(Bottom, other.Bottom);

    /// <summary>Takes the other into this one.</summary>
    public void Add(in Mark other)
    {
        Left = Math.Min(Left, other.Left);
        Top = Math.Min(Top, other.Top);
        Right = Math.Max(Right, other.Right);
        Bottom = Math.Max(Bottom, other.Bottom);
        Area += other.Area;
        Peak = Math.Max(Peak, other.Peak);
        OnLeftEdge += other.OnLeftEdge;
        OnTopEdge += other.OnTopEdge;
        OnRightEdge += other.OnRightEdge;
        OnBottomEdge += other.OnBottomEdge;
    }
}
