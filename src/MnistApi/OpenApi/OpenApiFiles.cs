using System.Net.Mime;

namespace MnistApi.OpenApi;

/// <summary>The files of this folder: some make the document, the others are served beside it.</summary>
internal static class OpenApiFiles
{
    private static readonly (string Name, string ContentType)[] s_served =
    [
        ("pictures.js", MediaTypeNames.Text.JavaScript), // the user interface's one addition: it shows SVG as pictures
        ("seven.png", MediaTypeNames.Image.Png), // bodies.json names it and the next one as examples
        ("seven.raw", MediaTypeNames.Application.Octet),
    ];

    public static byte[] Read(string name) => EmbeddedFile.Read($"swagger/{name}");

    public static void MapFiles(this IEndpointRouteBuilder routes)
    {
        foreach (var (name, contentType) in s_served)
        {
            RequestDelegate send = context => Results.Bytes(Read(name), contentType).ExecuteAsync(context);
            routes.MapGet($"/swagger/{name}", send).AllowAnonymous().ExcludeFromDescription();
        }
    }
}
