using System.Numerics;

namespace MnistApi.Redrawn;

/// <summary>What scanners, copiers and fax machines add and take away.</summary>
internal static class Scanner
{
    public static Scene Grey(this Scene scene) => scene.Each((_, _, light) => new Vector3(Colours.Luma(light)));

    public static Scene Specks(this Scene scene, int most)
    {
        var count = scene.Random.Next(most / 3, most);
        for (var speck = 0; speck < count; speck++)
        {
            var at = new Vector2(scene.Between(0, scene.Width), scene.Between(0, scene.Height));
            scene.Line(at, at + new Vector2(scene.Between(0, 2), scene.Between(0, 2)), scene.Between(0.5f, 2.5f), Colours.Grey(scene.Between(0, 0.3f)));
        }
        return scene;
    }

    /// <summary>The lid was open: dark beyond the sheet, on one to four sides.</summary>
    public static Scene DarkEdges(this Scene scene)
    {
        var level = Colours.Grey(scene.Between(0, 0.2f));
        var depths = Enumerable.Range(0, 4).Select(_ => scene.Chance(0.7f) ? scene.Width * scene.Between(0.01f, 0.05f) : 0).ToArray();
        depths[scene.Random.Next(4)] += scene.Width * 0.01f;
        var slant = scene.Between(-0.02f, 0.02f);
        return scene.Each((x, y, light) => IsBeyond(0, x, y) || IsBeyond(1, y, x) || IsBeyond(2, scene.Width - 1 - x, -y) || IsBeyond(3, scene.Height - 1 - y, -x) ? level : light);

        bool IsBeyond(int side, float from, float along) => depths[side] > 0 && from < depths[side] + slant * along;
    }

    /// <summary>Black and white by one threshold.</summary>
    public static Scene OneBit(this Scene scene, float threshold = 0.5f) => scene.Each((_, _, light) => Colours.Luma(light) < threshold ? Colours.Black : Colours.White);

    /// <summary>Black and white in dots, what each is off given on to those that follow (Floyd and Steinberg 1976).</summary>
    public static Scene Dithered(this Scene scene)
    {
        var light = scene.Pixels.Select(Colours.Luma).ToArray();
        for (var i = 0; i < light.Length; i++)
        {
            var (x, level) = (i % scene.Width, light[i] < 0.5f ? 0 : 1);
            var rest = light[i] - level;
            light[i] = level;
            Give(i + 1, x < scene.Width - 1, 7);
            Give(i + scene.Width - 1, x > 0, 3);
            Give(i + scene.Width, true, 5);
            Give(i + scene.Width + 1, x < scene.Width - 1, 1);

            void Give(int to, bool isThere, int sixteenths)
            {
                if (isThere && to < light.Length)
                    light[to] += rest * sixteenths / 16;
            }
        }
        return scene.Each((x, y, _) => new Vector3(light[(int)y * scene.Width + (int)x]));
    }

    /// <summary>A fax machine's dropped rows and lines, some of which end in mid-page.</summary>
    public static Scene FaxLines(this Scene scene)
    {
        for (var line = 0; line < 4; line++)
        {
            var (y, from, to) = (scene.Random.Next(scene.Height), scene.Between(0, 0.4f) * scene.Width, scene.Between(0.6f, 1) * scene.Width);
            var (isDark, isWhole) = (scene.Chance(0.6f), scene.Chance(0.6f));
            scene.Within(isWhole ? 0 : from, y, isWhole ? scene.Width : to, y + 1, (_, _, _) => isDark ? Colours.Black : Colours.White);
        }
        return scene;
    }

    /// <summary>A copy of a copy: edges eat into strokes, dirt becomes black.</summary>
    public static Scene Copied(this Scene scene)
    {
        scene.Grey().Grain(0.12f).Blurred(0.8f).OneBit(scene.Between(0.4f, 0.6f));
        return scene.Blurred(0.5f);
    }

    /// <summary>A piece of the neighbouring digit reaches in from a side.</summary>
    public static Scene Neighbour(this Scene scene)
    {
        var (x, isLeft) = (scene.Between(0, 6), scene.Chance(0.5f));
        var (top, bottom) = (scene.Box.Top + scene.Box.Height * scene.Between(0, 0.3f), scene.Box.Top + scene.Box.Height * scene.Between(0.6f, 1));
        return scene.Line(new Vector2(isLeft ? x : scene.Width - x, top), new Vector2(isLeft ? -2 : scene.Width + 2, bottom), scene.Pen, scene.Ink);
    }
}
