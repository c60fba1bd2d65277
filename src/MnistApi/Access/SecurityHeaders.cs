namespace MnistApi.Access;

/// <summary>What browsers are told with every answer: take the content type as it is; and, over HTTPS, never come back without.</summary>
internal static class SecurityHeaders
{
    public static void UseSecurityHeaders(this WebApplication app) => app.Use(next => context =>
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        if (context.Request.IsHttps)
            headers.StrictTransportSecurity = "max-age=31536000"; // a year
        return next(context);
    });
}
