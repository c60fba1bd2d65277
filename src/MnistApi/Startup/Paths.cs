namespace MnistApi.Startup;

/// <summary>What is done to every request's path and method before an endpoint is looked for.</summary>
internal static class Paths
{
    private const string PrefixKey = "PathBase"; // which a proxy leaves in the path, such as /mnist

    public static void UsePathPrefix(this WebApplication app)
    {
        if (app.Configuration[PrefixKey] is not { Length: > 0 } prefix)
            return;
        if (!prefix.StartsWith('/') || prefix.EndsWith('/'))
            throw new StartupException(Settings.Expected(PrefixKey, $"a path such as /mnist, got '{prefix}'"));
        app.UsePathBase(prefix);
    }

    /// <summary>HEAD is answered as GET is, without the body.</summary>
    public static void UseHead(this WebApplication app) => app.Use(next => context =>
        HttpMethods.IsHead(context.Request.Method) ? AsGetAsync(context, next) : next(context));

    private static async Task AsGetAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        request.Method = HttpMethods.Get;
        context.Response.Body = Stream.Null;
        try
        {
            await next(context);
        }
        finally
        {
            request.Method = HttpMethods.Head; // for the log, and for a refusal's text
        }
    }
}
