using System.Net;

namespace MnistApi;

/// <summary>Collects the elements of one SVG picture. Its style is for READMEs and notebooks; a page brings another.</summary>
internal sealed class SvgDrawing(string title)
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

    public void Add(FormattableString element) => _body.Append(Format(element)).Append('\n');

    /// <summary>Writes numbers as SVG wants them, without more digits than a picture shows.</summary>
    public static string Format(FormattableString text) => string.Format(CultureInfo.InvariantCulture, text.Format, [.. text.GetArguments()
        .Select(argument => argument is double or float ? Math.Round(Convert.ToDouble(argument, null), 2) : argument)]);

    public void Text(double x, double y, string text, string classes = "", string anchor = "middle") =>
        Add($"<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\" class=\"{classes}\">{WebUtility.HtmlEncode(text)}</text>");

    public string Finish(double width, double height) => Format($"""
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-label="{WebUtility.HtmlEncode(title)}">
        <title>{WebUtility.HtmlEncode(title)}</title>
        <style>{Style}</style>
        <rect class="paper" width="{width}" height="{height}" rx="8"/>
        {_body}</svg>

        """);
}
