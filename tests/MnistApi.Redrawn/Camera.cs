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
    public static byte[] Photograph(this Scene scene) => scene.Blurred(scene.Between(0.4f, 1.1f)).Grain(scene.Between(0.005f, 0.025f)).Jpeg(scene.Random.Next(60, 95)).Png();

    public static Scene Grain(this Scene scene, float strength) => scene.Each((_, _, light) => light + new Vector3(strength * Normal(scene)) + strength / 3 * new Vector3(Normal(scene), Normal(scene), Normal(scene)));

    public static Scene Blurred(this Scene scene, float sigma) => Through(scene, image =>
    {
        image.Mutate(change => change.GaussianBlur(sigma));
        return image;
    });

    public static Scene Jpeg(this Scene scene, int quality) => Through(scene, image =>
    {
        using var stream = new MemoryStream();
        image.Save(stream, new JpegEncoder { Quality = quality });
        stream.Position = 0;
        return Image.Load<Rgb24>(stream);
    });

    /// <summary>Fewer or more pixels.</summary>
    public static Scene Scaled(this Scene scene, float share) => Through(scene, image =>
    {
        image.Mutate(change => change.Resize(Math.Max(1, (int)(scene.Width * share)), Math.Max(1, (int)(scene.Height * share)), KnownResamplers.Bicubic));
        return image;
    });

    /// <summary>As PNG in colour, or in grey where there is none.</summary>
    public static byte[] Png(this Scene scene)
    {
        using var image = ToImage(scene);
        using var stream = new MemoryStream();
        var isGrey = scene.Pixels.All(pixel => pixel.X == pixel.Y && pixel.Y == pixel.Z);
        image.Save(stream, new PngEncoder { ColorType = isGrey ? PngColorType.Grayscale : PngColorType.Rgb });
        return stream.ToArray();
    }

    /// <summary>The strokes alone, on nothing, as programs save a layer.</summary>
    public static byte[] TransparentPng(this Scene scene)
    {
        using var image = new Image<Rgba32>(scene.Width, scene.Height);
        for (var i = 0; i < scene.Pixels.Length; i++)
            image[i % scene.Width, i / scene.Width] = new Rgba32(new Vector4(scene.Ink, scene.Cover[i]));
        using var stream = new MemoryStream();
        image.Save(stream, new PngEncoder { ColorType = PngColorType.RgbWithAlpha });
        return stream.ToArray();
    }

    public static float Normal(Scene scene) => MathF.Sqrt(-2 * MathF.Log(1 - scene.Random.NextSingle())) * MathF.Cos(MathF.Tau * scene.Random.NextSingle());

    private static Scene Through(Scene scene, Func<Image<Rgb24>, Image<Rgb24>> change)
    {
        using var image = ToImage(scene);
        using var changed = change(image);
        if (changed.Width != scene.Width || changed.Height != scene.Height)
            scene.Ground(changed.Width, changed.Height, Vector3.Zero);
        return scene.Each((x, y, _) => changed[(int)x, (int)y].ToScaledVector4().AsVector3());
    }

    private static Image<Rgb24> ToImage(Scene scene)
    {
        var image = new Image<Rgb24>(scene.Width, scene.Height);
        for (var i = 0; i < scene.Pixels.Length; i++)
        {
            var level = Vector3.Clamp(scene.Pixels[i], Vector3.Zero, Vector3.One) * 255;
            image[i % scene.Width, i / scene.Width] = new Rgb24((byte)MathF.Round(level.X), (byte)MathF.Round(level.Y), (byte)MathF.Round(level.Z));
        }
        return image;
    }
}
