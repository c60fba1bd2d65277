using System.Numerics;

namespace MnistApi.Redrawn;

/// <summary>What programs to draw with have around and under the drawing.</summary>
internal static class Screen
{
    /// <summary>A bar of tools above or below: buttons with something light on them.</summary>
    public static Scene Toolbar(this Scene scene)
    {
        var (height, isTop, bar) = (Math.Max(14, scene.Height / 14), scene.Chance(0.5f), Colours.Grey(scene.Between(0.2f, 0.9f)));
        var top = isTop ? 0 : scene.Height - height;
        scene.Within(0, top, scene.Width, top + height, (_, _, _) => bar);
        for (var x = height; x < scene.Width - height; x += (int)(height * 1.4f))
        {
            var button = new Vector3(scene.Random.NextSingle(), scene.Random.NextSingle(), scene.Random.NextSingle());
            scene.Within(x, top + 3, x + height - 4, top + height - 3, (_, _, _) => button);
            scene.Line(new Vector2(x + 3, top + height / 2f), new Vector2(x + height - 8, top + height / 2f), 2, Colours.White);
        }
        return scene;
    }

    /// <summary>The drawing area on a page of another colour.</summary>
    public static Scene OnPage(this Scene scene, Vector3 page)
    {
        var (left, top, right, bottom) = (scene.Random.Next(10, 120), scene.Random.Next(10, 120), scene.Random.Next(10, 120), scene.Random.Next(10, 120));
        return scene.Warp(scene.Width + left + right, scene.Height + top + bottom, (x, y) => new Vector2(x - left, y - top), (_, _) => page)
            .PlaceAt(scene.Box.Left + left, scene.Box.Top + top, scene.Box.Height);
    }

    public static Scene Caption(this Scene scene, float contrast)
    {
        var (size, y, left) = (Math.Max(6, scene.Height / 40), scene.Height * 0.96f, scene.Width * scene.Between(0.05f, 0.5f));
        var colour = Vector3.Lerp(scene.Pixels[0], Vector3.One - scene.Pixels[0], contrast);
        for (var letter = 0; letter < 12; letter++)
        {
            var x = left + letter * size * 0.8f;
            scene.Line(new Vector2(x, y), new Vector2(x + size * scene.Between(0, 0.4f), y - size), 1.2f, colour);
        }
        return scene;
    }

    /// <summary>Guides: a grid of faint lines or dots.</summary>
    public static Scene Guides(this Scene scene, bool areDots)
    {
        var (spacing, colour) = (Math.Max(8, (int)(scene.Height * scene.Between(0.06f, 0.15f))), Vector3.Lerp(scene.Pixels[0], Vector3.One - scene.Pixels[0], scene.Between(0.08f, 0.2f)));
        return scene.Each((x, y, light) =>
        {
            var (column, row) = ((int)x % spacing == spacing / 2, (int)y % spacing == spacing / 2);
            return (areDots ? column && row : column || row) ? colour : light;
        });
    }

    /// <summary>From one colour to another.</summary>
    public static Scene Gradient(this Scene scene, Vector3 to) => scene.Each((x, y, light) => Vector3.Lerp(light, to, (x + y) / (scene.Width + scene.Height)));

    /// <summary>A photograph of nothing in particular: soft patches of several greys and colours.</summary>
    public static Scene Backdrop(this Scene scene, float least, float most)
    {
        var patches = Enumerable.Range(0, 12).Select(_ => (At: new Vector2(scene.Between(0, scene.Width), scene.Between(0, scene.Height)), Reach: scene.Width * scene.Between(0.1f, 0.4f), Colour: new Vector3(scene.Between(least, most), scene.Between(least, most), scene.Between(least, most)))).ToArray();
        return scene.Each((x, y, light) => patches.Aggregate(light, (so, patch) =>
            Vector3.Lerp(so, patch.Colour, 0.7f * MathF.Exp(-Vector2.DistanceSquared(new Vector2(x, y), patch.At) / (patch.Reach * patch.Reach)))));
    }

    /// <summary>Under the digit a disc of another colour, as on badges and buttons.</summary>
    public static Scene Disc(this Scene scene, Vector3 colour)
    {
        var (middle, radius) = (new Vector2(scene.Box.Left + scene.Box.Width / 2, scene.Box.Top + scene.Box.Height / 2), scene.Box.Height * scene.Between(0.8f, 1) + scene.Pen);
        return scene.Each((x, y, light) => Vector3.Lerp(light, colour, Math.Clamp(radius + 0.5f - Vector2.Distance(new Vector2(x, y), middle), 0, 1)));
    }
}
