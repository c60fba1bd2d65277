namespace MnistApi.Startup;

/// <summary>How bytes come in and go out; each setting with what it brought.</summary>
internal static class Transport
{
    public static void AddTransport(this WebApplicationBuilder builder)
    {
    }
}
