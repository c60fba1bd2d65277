namespace MnistApi.Model;

/// <summary>The loaded network as the chapter draws it. Units carry data-layer and data-unit, for pages that show activations.</summary>
internal sealed class NetworkDiagram
{
    private const int MaxUnits = 200; // drawn of a layer
    private const int MeshPoints = 10;

    private readonly Network _network;
    private readonly bool _isDown;
    private readonly int _across, _gap;
    private readonly double _pitch, _breadth, _picture;
    private readonly double _crossMiddle;
    private readonly SvgDrawing _svg;

    private NetworkDiagram(Network network, bool isDown)
    {
        (_network, _isDown) = (network, isDown);
        // Units a line across the flow, their distance, and the room for connections: to the right for screens, down for phones.
        (_across, _pitch, _gap) = isDown ? (25, 13.6, 74) : (10, 22, 104);
        _breadth = _across * _pitch;
        _picture = isDown ? 150 : _breadth;
        var length = Margin * 2 + _picture + network.Layers.Sum(layer => _gap + Depth(layer)) + (isDown ? 22 : 52);
        var breadth = isDown ? _breadth + 20 : _breadth + 96;
        _crossMiddle = breadth / 2;
        var (width, height) = isDown ? (breadth, length) : (length, breadth);
        _svg = new SvgDrawing((int)Math.Ceiling(width), (int)Math.Ceiling(height), $"The network {network}, layer by layer");
    }

    private double Margin => _isDown ? 26 : 16;

    /// <summary>Draws it flowing to the right, or down for narrow screens.</summary>
    public static string Draw(Network network, bool isDown)
    {
        var diagram = new NetworkDiagram(network, isDown);
        diagram.Draw();
        return diagram._svg.ToString();
    }

    private void Draw()
    {
        var at = Margin;
        var (x, y) = Place(at, _crossMiddle - _picture / 2);
        _svg.Add($"<rect class=\"input\" data-layer=\"0\" x=\"{x}\" y=\"{y}\" width=\"{_picture}\" height=\"{_picture}\"/>");
        Label(at, _picture, "x", $"{_network.Inputs} pixels");
        at += _picture;
        var before = _picture;
        for (var i = 0; i < _network.Layers.Count; i++)
        {
            var layer = _network.Layers[i];
            Mesh(at, before, i + 1, layer);
            at += _gap;
            Units(at, i + 1, layer);
            var isLast = i == _network.Layers.Count - 1;
            Label(at, Depth(layer), $"{(isLast ? "y" : $"z{i + 1}")} = {layer.Activation.Name()}(a{i + 1})",
                $"{layer.Outputs} {(isLast ? "classes" : "units")}{(layer.Outputs > MaxUnits ? $", {MaxUnits} drawn" : "")}");
            at += Depth(layer);
            before = _breadth;
        }
    }

    private static int Drawn(DenseLayer layer) => Math.Min(layer.Outputs, MaxUnits);

    private double Depth(DenseLayer layer) => Math.Ceiling((double)Drawn(layer) / _across) * _pitch;

    private void Units(double at, int number, DenseLayer layer)
    {
        var drawn = Drawn(layer);
        var across = Math.Min(drawn, _across);
        var pitch = _breadth / across;
        var radius = Math.Min(pitch, _pitch) * 0.4;
        _svg.Add($"<g class=\"layer\" data-layer=\"{number}\">");
        for (var unit = 0; unit < drawn; unit++)
        {
            var (x, y) = Place(at + (unit / across + 0.5) * _pitch, _crossMiddle - _breadth / 2 + (unit % across + 0.5) * pitch);
            _svg.Add($"<circle class=\"unit\" data-layer=\"{number}\" data-unit=\"{unit}\" cx=\"{x}\" cy=\"{y}\" r=\"{radius}\"/>");
            if (number == _network.Layers.Count)
                _svg.Text(_isDown ? x : x + 18, _isDown ? y + 20 : y + 4, unit.ToString(CultureInfo.InvariantCulture), "class-name");
        }
        _svg.Add($"</g>");
    }

    private void Mesh(double at, double before, int number, DenseLayer layer)
    {
        var lines = from i in Enumerable.Range(0, MeshPoints)
                    from j in Enumerable.Range(0, MeshPoints)
                    let start = Place(at + 3, _crossMiddle + ((i + 0.5) / MeshPoints - 0.5) * before)
                    let end = Place(at + _gap - 3, _crossMiddle + ((j + 0.5) / MeshPoints - 0.5) * _breadth)
                    select SvgDrawing.Format($"M{start.X} {start.Y}L{end.X} {end.Y}");
        _svg.Add($"<path class=\"mesh\" d=\"{string.Concat(lines)}\"/>");
        var (x, y) = _isDown ? (2 * _crossMiddle - 4, at + _gap / 2.0 + 4) : (at + _gap / 2.0, 2 * _crossMiddle - 16);
        _svg.Text(x, y, $"W{number} {layer.Inputs}×{layer.Outputs}", "muted small", _isDown ? "end" : "middle");
    }

    private void Label(double at, double depth, string name, string count)
    {
        if (_isDown)
        {
            _svg.Text(4, at - 8, name, "name", "start");
            _svg.Text(2 * _crossMiddle - 4, at - 8, count, "muted small", "end");
        }
        else
        {
            var middle = at + depth / 2;
            _svg.Text(middle, 26, name, "name");
            _svg.Text(middle, 2 * _crossMiddle - 16, count, "muted small");
        }
    }

    /// <summary>From along and across the flow to x and y.</summary>
    private (double X, double Y) Place(double along, double across) => _isDown ? (across, along) : (along, across);
}
