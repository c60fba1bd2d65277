using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using MnistApi.Metrics;
using MnistApi.Startup;

namespace MnistApi.Benchmarks;

/// <summary>
/// The least that a service on Kestrel can do: read the whole body, answer a constant as long as one prediction. It has Kestrel's defaults;
/// with --tuned the service's own transport settings, with --metrics the service's metrics, with --http2 it speaks HTTP/2.
/// </summary>
internal static class BareKestrel
{
    private static readonly byte[] s_answer =
        [
            .. """{"model":"mnist","scale":255,"predictions":[{"digit":7,"probability":0.9999026,"probabilities":["""u8,
            .. "2.170156e-8,6.605294e-6,2.2751881e-5,5.21907e-5,1.0902145e-7,"u8,
            .. "5.1027706e-11,2.3976352e-15,0.9999026,1.8866082e-6,1.3730244e-5]}]}"u8,
        ];

    public static async Task RunAsync(string[] args)
    {
        string[] switches = ["--tuned", "--metrics", "--http2"];
        var builder = WebApplication.CreateSlimBuilder([.. args.Except(switches)]);
        builder.Logging.ClearProviders();
        if (args.Contains("--tuned"))
            builder.AddTransport();
        if (args.Contains("--metrics"))
            builder.AddMetrics(new MetricsOptions());
        if (args.Contains("--http2"))
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(end => end.Protocols = HttpProtocols.Http2));
        var app = builder.Build();
        app.Run(async context =>
        {
            while (true)
            {
                var read = await context.Request.BodyReader.ReadAsync();
                context.Request.BodyReader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                    break;
            }
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = s_answer.Length;
            await context.Response.BodyWriter.WriteAsync(s_answer);
        });
        await app.RunAsync();
    }
}
