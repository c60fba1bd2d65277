using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace MnistApi.Page;

/// <summary>GET / and GET /chapter: the pages, and their files under /page/{version}/.</summary>
internal static class PageEndpoint
{
    private const string ForEver = "public, max-age=31536000, immutable";

    /// <summary>Nothing from other hosts, nothing inline; pictures of what is being drawn are data: and blob:.</summary>
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; "
        + "form-action 'none'; frame-ancestors 'none'";

    public static void AddPage(this WebApplicationBuilder builder) =>
        builder.Services.AddSingleton<PageFiles>().AddResponseCompression(options => options.EnableForHttps = true); // it holds no secret

    public static void MapPage(this WebApplication app)
    {
        // In a branch: what else is answered is too short to be worth it.
        app.UseWhen(context => context.Request.Path is { Value: "/" or "/chapter" } || context.Request.Path.StartsWithSegments("/page"),
            branch => branch.UseResponseCompression());
        app.MapGet("/", (HttpResponse response, PageFiles files) => Html(response, files, "index.html"))
            .AllowAnonymous().ExcludeFromDescription();
        app.MapGet("/chapter", (HttpResponse response, PageFiles files) => Html(response, files, "chapter.html"))
            .AllowAnonymous().ExcludeFromDescription();
        app.MapGet("/page/{version}/{file}", File).AllowAnonymous().ExcludeFromDescription();
    }

    private static FileContentHttpResult Html(HttpResponse response, PageFiles files, string file)
    {
        response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
        response.Headers["Referrer-Policy"] = "no-referrer";
        return Send(response, files.Find(file)!, "text/html; charset=utf-8", "no-cache", files);
    }

    private static FileContentHttpResult File(HttpResponse response, PageFiles files, string version, string file)
    {
        var bytes = files.Find(file) ?? throw new RefusedException(Refusal.NotFound, $"the page has no file '{Quote.Of(file)}'");
        var type = Path.GetExtension(file) switch
        {
            ".css" => "text/css; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            ".svg" => SvgDrawing.ContentType,
            _ => "text/html; charset=utf-8",
        };
        // A page that was loaded before the service was replaced asks for the version before.
        return Send(response, bytes, type, version == files.Version ? ForEver : "no-cache", files);
    }

    private static FileContentHttpResult Send(HttpResponse response, byte[] bytes, string type, string cacheControl, PageFiles files)
    {
        response.Headers.CacheControl = cacheControl;
        return TypedResults.Bytes(bytes, type, entityTag: new EntityTagHeaderValue($"\"{files.Version}\"", isWeak: true));
    }
}
