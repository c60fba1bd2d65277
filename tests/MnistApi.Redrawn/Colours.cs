using System.Numerics;

namespace MnistApi.Redrawn;

/// <summary>Papers, tables and inks, as 0 to 1 in red, green and blue.</summary>
internal static class Colours
{
    public static readonly Vector3 White = Vector3.One;
    public static readonly Vector3 Black = Vector3.Zero;

    public static Vector3 Grey(float level) => new(level);

    public static float Luma(Vector3 colour) => Vector3.Dot(colour, new Vector3(0.299f, 0.587f, 0.114f));

    /// <summary>White paper by some lamp.</summary>
    public static Vector3 Paper(this Scene scene) => scene.Between(0.72f, 0.95f) * new Vector3(1, scene.Between(0.94f, 1), scene.Between(0.85f, 1));

    /// <summary>Paper that is sold by its colour: yellow, pink, green, blue, orange, brown.</summary>
    public static Vector3 ColouredPaper(this Scene scene) =>
        scene.OneOf<Vector3>(new(0.95f, 0.9f, 0.45f), new(0.95f, 0.7f, 0.75f), new(0.65f, 0.88f, 0.6f), new(0.6f, 0.78f, 0.93f), new(0.95f, 0.7f, 0.4f), new(0.72f, 0.56f, 0.4f))
        * scene.Between(0.85f, 1);

    /// <summary>What pens write with: black, blue, red, green; pencils are grey.</summary>
    public static Vector3 PenInk(this Scene scene) =>
        scene.OneOf<Vector3>(new(0.1f, 0.1f, 0.12f), new(0.12f, 0.18f, 0.55f), new(0.1f, 0.1f, 0.35f), new(0.7f, 0.1f, 0.12f), new(0.1f, 0.38f, 0.18f));

    public static Vector3 Pencil(this Scene scene) => Grey(scene.Between(0.35f, 0.5f));

    /// <summary>Wood, cloth, stone or plastic, darker than any paper.</summary>
    public static Vector3 Table(this Scene scene) =>
        scene.OneOf<Vector3>(new(0.4f, 0.26f, 0.15f), new(0.25f, 0.16f, 0.1f), new(0.55f, 0.4f, 0.25f), new(0.3f, 0.31f, 0.33f), new(0.12f, 0.12f, 0.13f), new(0.2f, 0.28f, 0.4f), new(0.25f, 0.35f, 0.25f));

    /// <summary>Two colours of a screen that can be told apart by their luma.</summary>
    public static (Vector3 Ground, Vector3 Ink) ScreenColours(this Scene scene)
    {
        while (true)
        {
            Vector3 ground = new(scene.Random.NextSingle(), scene.Random.NextSingle(), scene.Random.NextSingle()), ink = new(scene.Random.NextSingle(), scene.Random.NextSingle(), scene.Random.NextSingle());
            if (Math.Abs(Luma(ground) - Luma(ink)) > 0.35f)
                return (ground, ink);
        }
    }
}
