using MnistApi.Problems;

namespace MnistApi.Page;

/// <summary>GET / and GET /chapter: the pages, and their files under /page/{version}/.</summary>
internal static class PageEndpoint
{
    private const string ForEver = "public, max-age=31536000, immutable";

    /// <summary>Nothing from other hosts, nothing inline; pictures of what is being drawn are data: and blob:.</summary>
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; "
            + "form-action 'none'; frame-ancestors 'none'";

    private static readonly Lazy<PageFiles> s_files = new(() => new PageFiles());
    private static readonly string[] s_methods = [HttpMethods.Get, HttpMethods.Head];

    public static void MapPage(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/", s_methods, context => PageAsync(context, "index.html")).AllowAnonymous().ExcludeFromDescription();
        routes.MapMethods("/chapter", s_methods, context => PageAsync(context, "chapter.html")).AllowAnonymous().ExcludeFromDescription();
        routes.MapMethods("/page/{version}/{file}", s_methods, (RequestDelegate)FileAsync).AllowAnonymous().ExcludeFromDescription();
    }

    private static async Task PageAsync(HttpContext context, string name)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers["Referrer-Policy"] = "no-referrer";
        await SendAsync(context, s_files.Value.Find(name)!, "no-cache");
    }

    private static async Task FileAsync(HttpContext context)
    {
        var name = (string)context.Request.RouteValues["file"]!;
        var file = s_files.Value.Find(name) ?? throw new RefusedException(Refusal.NotFound, $"the page has no file '{Quote.Of(name)}'");
        // A page that was loaded before the service was replaced asks for the version before.
        await SendAsync(context, file, (string)context.Request.RouteValues["version"]! == s_files.Value.Version ? ForEver : "no-cache");
    }

    private static async Task SendAsync(HttpContext context, PageFile file, string cacheControl)
    {
        var (request, response) = (context.Request, context.Response);
        var (bytes, encoding) = file.For(request.Headers.AcceptEncoding.ToString());
        var tag = $"\"{s_files.Value.Version}{(encoding is null ? "" : $"-{encoding}")}\"";
        response.Headers.ETag = tag;
        response.Headers.CacheControl = cacheControl;
        response.Headers.Vary = "Accept-Encoding";
        response.Headers.XContentTypeOptions = "nosniff";
        if (request.Headers.IfNoneMatch == tag)
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        response.ContentType = file.ContentType;
        response.ContentLength = bytes.Length;
        if (encoding is not null)
            response.Headers.ContentEncoding = encoding;
        if (!HttpMethods.IsHead(request.Method))
            await response.Body.WriteAsync(bytes, context.RequestAborted);
    }
}
