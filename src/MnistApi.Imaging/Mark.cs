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
    public bool IsAtEdge; // of the picture
    public int InMargin; // of the area, what lies near the picture's edges

    public readonly int Width => Right - Left;

    public readonly int Height => Bottom - Top;

    public readonly int Longer => Math.Max(Width, Height);

    public readonly Box Box => new(Left, Top, Right, Bottom);

    /// <summary>Whether it fills so much of its box, and is at most so many times as long as broad: a coin, an eraser, a blot.</summary>
    public readonly bool IsSolid(float filled, float aspect) => Area >= filled * Width * Height && Longer <= aspect * Math.Min(Width, Height);

    /// <summary>Pixels between two marks' boxes from side to side; negative where they overlap.</summary>
    public readonly int GapAcross(in Mark other) => Math.Max(Left, other.Left) - Math.Min(Right, other.Right);

    /// <summary>The same from top to bottom.</summary>
    public readonly int GapDown(in Mark other) => Math.Max(Top, other.Top) - Math.Min(Bottom, other.Bottom);

    /// <summary>Whether its box lies within the other's.</summary>
    public readonly bool IsWithin(in Mark other) => Left > other.Left && Top > other.Top && Right < other.Right && Bottom < other.Bottom;

    /// <summary>The same, or it has sides in common with it.</summary>
    public readonly bool IsIn(in Mark other) => Left >= other.Left && Top >= other.Top && Right <= other.Right && Bottom <= other.Bottom;

    /// <summary>The same in a picture whose pixels were gathered into cells.</summary>
    public readonly Mark Enlarged(int cell, Plane picture) => this with
    {
        Left = Left * cell,
        Top = Top * cell,
        Right = Math.Min(picture.Width, Right * cell),
        Bottom = Math.Min(picture.Height, Bottom * cell),
        Area = Area * cell * cell,
        InMargin = InMargin * cell * cell,
    };

    /// <summary>Takes the other into this one.</summary>
    public void Add(in Mark other)
    {
        Left = Math.Min(Left, other.Left);
        Top = Math.Min(Top, other.Top);
        Right = Math.Max(Right, other.Right);
        Bottom = Math.Max(Bottom, other.Bottom);
        Area += other.Area;
        Peak = Math.Max(Peak, other.Peak);
        IsAtEdge |= other.IsAtEdge;
        InMargin += other.InMargin;
    }
}
