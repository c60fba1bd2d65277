using System.Numerics;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace MnistApi.Redrawn;

/// <summary>How scenes become files: lenses, sensors, JPEG on the way, and PNG.</summary>
internal static class Camera
{
    /// <summary>A telephone's photograph: a little blur, a little grain, JPEG.</summary>
    public static byte[] Photograph(this Scene scene) =>
        Through(scene, image => image.Mutate(change => change.GaussianBlur(scene.Between(0.4f, 1.1f))))
            .Grain(scene.Between(0.005f, 0.025f)).Jpeg(scene.Random.Next(60, 95)).Png();

    public static Scene Grain(this Scene scene, float strength) => scene.Each((_, _, light) =>
        light + new Vector3(strength * Normal(scene)) + strength / 3 * new Vector3(Normal(scene), Normal(scene), Normal(scene)));

    public static Scene Grey(this Scene scene) => scene.Each((_, _, light) => new Vector3(Paper.Luma(light)));

    public static Scene Jpeg(this Scene scene, int quality)
    {
        using var stream = new MemoryStream();
        using (var image = ToImage(scene))
            image.Save(stream, new JpegEncoder { Quality = quality });
        stream.Position = 0;
        using var decoded = Image.Load<Rgb24>(stream);
        return From(decoded, scene);
    }

    public static Scene Scaled(this Scene scene, float share) => Through(scene, image =>
        image.Mutate(change => change.Resize((int)(scene.Width * share), (int)(scene.Height * share), KnownResamplers.Bicubic)));

    /// <summary>Cut out without a margin, or with so little of one.</summary>
    public static Scene Tight(this Scene scene, float margin = 0)
    {
        var (box, half) = (scene.Box, scene.Pen / 2 + margin);
        var (width, height) = ((int)(box.Width + 2 * half) + 2, (int)(box.Height + 2 * half) + 2);
        var within = new Rectangle((int)(box.Left - half), (int)(box.Top - half), width, height);
        return Through(scene, image => image.Mutate(change => change.Crop(Rectangle.Intersect(within, image.Bounds()))));
    }

    /// <summary>As PNG in colour, or in grey where there is none.</summary>
    public static byte[] Png(this Scene scene)
    {
        using var image = ToImage(scene);
        var isGrey = scene.Pixels.All(pixel => pixel.X == pixel.Y && pixel.Y == pixel.Z);
        return Encode(image, isGrey ? PngColorType.Grayscale : PngColorType.Rgb);
    }

    /// <summary>The strokes alone, on nothing, as programs save a layer.</summary>
    public static byte[] TransparentPng(this Scene scene)
    {
        using var image = new Image<Rgba32>(scene.Width, scene.Height);
        for (var i = 0; i < scene.Pixels.Length; i++)
            image[i % scene.Width, i / scene.Width] = new Rgba32(new Vector4(scene.Ink, scene.Opacities[i]));
        return Encode(image, PngColorType.RgbWithAlpha);
    }

    private static byte[] Encode(Image image, PngColorType type)
    {
        using var stream = new MemoryStream();
        image.Save(stream, new PngEncoder { ColorType = type, CompressionLevel = PngCompressionLevel.BestSpeed });
        return stream.ToArray();
    }

    private static float Normal(Scene scene) =>
        MathF.Sqrt(-2 * MathF.Log(1 - scene.Random.NextSingle())) * MathF.Cos(MathF.Tau * scene.Random.NextSingle());

    private static Scene Through(Scene scene, Action<Image<Rgb24>> change)
    {
        using var image = ToImage(scene);
        change(image);
        return From(image, scene);
    }

    private static Scene From(Image<Rgb24> image, Scene scene)
    {
        if (image.Width != scene.Width || image.Height != scene.Height)
            scene.Page(image.Width, image.Height, Vector3.Zero);
        return scene.Each((x, y, _) => image[(int)x, (int)y].ToScaledVector4().AsVector3());
    }

    private static Image<Rgb24> ToImage(Scene scene)
    {
        var image = new Image<Rgb24>(scene.Width, scene.Height);
        for (var i = 0; i < scene.Pixels.Length; i++)
            image[i % scene.Width, i / scene.Width] = new Rgba32(scene.Pixels[i]).Rgb; // rounded, and cut off below 0 and above 1
        return image;
    }
}
