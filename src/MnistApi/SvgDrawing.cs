using System.Globalization;
using System.Net;
using System.Text;

namespace MnistApi;

/// <summary>
/// Collects the elements of one SVG picture. Shapes carry classes: the picture has a style of its own, light and dark, for READMEs and
/// notebooks; a page that takes the elements over brings its own instead.
/// </summary>
internal sealed class SvgDrawing(int width, int height, string title)
{
    public const string ContentType = "image/svg+xml";

    private const string Style = """
        :root { --paper: #fbfcfa; --ink: #16233a; --muted: #5a6576; --line: #c9d1d6; --blue: #2446a8; --red: #b8321f }
        @media (prefers-color-scheme: dark) {
        :root { --paper: #121821; --ink: #e6ebe8; --muted: #97a3b0; --line: #38424f; --blue: #8fb0ff; --red: #ff8f7a } }
        text { font: 13px Georgia, 'Times New Roman', serif; fill: var(--ink) } .muted { fill: var(--muted) } .small { font-size: 11px }
        .paper { fill: var(--paper) } .axis, .mesh, .input { fill: none; stroke: var(--line) }
        .mesh { stroke-opacity: .6; stroke-width: .6 } .second { stroke: var(--red); stroke-dasharray: 6 4 }
        .curve { fill: none; stroke: var(--blue); stroke-width: 2.5; stroke-linejoin: round }
        .unit { fill: var(--paper); stroke: var(--ink) } .bar { fill: var(--blue) }
        """;

    private readonly StringBuilder _body = new();

    /// <summary>Adds an element; numbers are written as SVG wants them, with two digits after the point.</summary>
    public void Add(FormattableString element) =>
        _body.Append(string.Format(Numbers.Instance, element.Format, element.GetArguments())).Append('\n');

    public void Text(double x, double y, string text, string classes = "", string anchor = "middle") =>
        Add($"<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\" class=\"{classes}\">{WebUtility.HtmlEncode(text)}</text>");

    public override string ToString() => $"""
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-label="{WebUtility.HtmlEncode(title)}">
        <title>{WebUtility.HtmlEncode(title)}</title>
        <style>{Style}</style>
        <rect class="paper" width="{width}" height="{height}" rx="8"/>
        {_body}</svg>

        """;

    /// <summary>Numbers without more digits than a picture shows.</summary>
    private sealed class Numbers : IFormatProvider, ICustomFormatter
    {
        public static readonly Numbers Instance = new();

        public object? GetFormat(Type? formatType) => formatType == typeof(ICustomFormatter) ? this : null;

        public string Format(string? format, object? arg, IFormatProvider? formatProvider) => arg switch
        {
            double number => number.ToString("0.##", CultureInfo.InvariantCulture),
            IFormattable other => other.ToString(format, CultureInfo.InvariantCulture),
            _ => $"{arg}",
        };
    }
}
