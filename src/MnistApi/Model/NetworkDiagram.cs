namespace MnistApi.Model;

/// <summary>The loaded network as the chapter draws it. Units carry data-layer and data-unit, for pages that show activations.</summary>
internal sealed class NetworkDiagram(Network network, bool isDown)
{
    private const int MaxUnits = 200; // drawn of a layer
    private const int MeshPoints = 10;

    private readonly int _across = isDown ? 25 : 10; // units a line across the flow: it goes to the right for screens, down for phones
    private readonly double _pitch = isDown ? 13.6 : 22; // between two units
    private readonly double _breadth = isDown ? 340 : 220; // of a line of units
    private readonly double _whole = isDown ? 360 : 316; // the picture's size across the flow
    private readonly int _gap = isDown ? 74 : 104; // between layers, for connections
    private readonly SvgDrawing _svg = new($"The network {network}, layer by layer");

    /// <summary>Draws it flowing to the right, or down for narrow screens.</summary>
    public static string Draw(Network network, bool isDown) => new NetworkDiagram(network, isDown).Draw();

    private string Draw()
    {
        var (at, before) = isDown ? (26.0, 150.0) : (16.0, _breadth);
        var (x, y) = Place(at, (_whole - before) / 2);
        _svg.Add($"<rect class=\"input\" data-layer=\"0\" x=\"{x}\" y=\"{y}\" width=\"{before}\" height=\"{before}\"/>");
        Label(at, before, "x", $"{network.Inputs} pixels");
        at += before;
        foreach (var (i, layer) in network.Layers.Index())
        {
            var isLast = i == network.Layers.Count - 1;
            Mesh(at, before, i + 1, layer);
            at += _gap;
            var drawn = Math.Min(layer.Outputs, MaxUnits);
            Units(at, i + 1, drawn, isLast);
            var depth = Math.Ceiling((double)drawn / _across) * _pitch;
            Label(at, depth, $"{(isLast ? "y" : $"z{i + 1}")} = {layer.Activation.Name()}(a{i + 1})",
                $"{layer.Outputs} {(isLast ? "classes" : "units")}{(drawn < layer.Outputs ? $", {drawn} drawn" : "")}");
            at += depth;
            before = _breadth;
        }
        var (width, height) = Place(at + (isDown ? 48 : 68), _whole);
        return _svg.Finish(Math.Ceiling(width), Math.Ceiling(height));
    }

    private void Units(double at, int number, int drawn, bool areNamed)
    {
        var across = Math.Min(drawn, _across);
        var pitch = _breadth / across;
        var radius = Math.Min(pitch, _pitch) * 0.4;
        _svg.Add($"<g class=\"layer\" data-layer=\"{number}\">");
        for (var unit = 0; unit < drawn; unit++)
        {
            var (x, y) = Place(at + (unit / across + 0.5) * _pitch, (_whole - _breadth) / 2 + (unit % across + 0.5) * pitch);
            _svg.Add($"<circle class=\"unit\" data-layer=\"{number}\" data-unit=\"{unit}\" cx=\"{x}\" cy=\"{y}\" r=\"{radius}\"/>");
            if (areNamed)
                _svg.Text(isDown ? x : x + 18, isDown ? y + 20 : y + 4, unit.ToString(CultureInfo.InvariantCulture), "class-name");
        }
        _svg.Add($"</g>");
    }

    private void Mesh(double at, double before, int number, DenseLayer layer)
    {
        var lines = from i in Enumerable.Range(0, MeshPoints)
                    from j in Enumerable.Range(0, MeshPoints)
                    let start = Place(at + 3, _whole / 2 + ((i + 0.5) / MeshPoints - 0.5) * before)
                    let end = Place(at + _gap - 3, _whole / 2 + ((j + 0.5) / MeshPoints - 0.5) * _breadth)
                    select SvgDrawing.Format($"M{start.X} {start.Y}L{end.X} {end.Y}");
        _svg.Add($"<path class=\"mesh\" d=\"{string.Concat(lines)}\"/>");
        var (x, y) = isDown ? (_whole - 4, at + _gap / 2.0 + 4) : (at + _gap / 2.0, _whole - 16);
        _svg.Text(x, y, $"W{number} {layer.Inputs}×{layer.Outputs}", "muted small", isDown ? "end" : "middle");
    }

    private void Label(double at, double depth, string name, string count)
    {
        var (x, y) = isDown ? (4.0, at - 8) : (at + depth / 2, 26.0);
        _svg.Text(x, y, name, "name", isDown ? "start" : "middle");
        (x, y) = isDown ? (_whole - 4, y) : (x, _whole - 16);
        _svg.Text(x, y, count, "muted small", isDown ? "end" : "middle");
    }

    /// <summary>From along and across the flow to x and y.</summary>
    private (double X, double Y) Place(double along, double across) => isDown ? (across, along) : (along, across);
}
