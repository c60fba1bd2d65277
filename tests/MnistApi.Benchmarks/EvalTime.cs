using System.Diagnostics;
using System.Globalization;

namespace MnistApi.Benchmarks;

/// <summary>A whole GET /eval of a running service against the forward pass alone over the same 10,000 images, in alternation.</summary>
internal static class EvalTime
{
    private const string Address = "http://127.0.0.1:9108";
    private const int CallsARound = 50;

    public static async Task PrintAsync(int rounds, string service, TextWriter output)
    {
        using var process = Process.Start(new ProcessStartInfo(service, ["--urls", Address]) { RedirectStandardOutput = true })!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        try
        {
            using var client = new HttpClient { BaseAddress = new Uri(Address) };
            await WaitAsync(client);
            var network = BenchmarkInputs.Network;
            var pixels = BenchmarkInputs.Pixels("mnist", 10000);
            var y = new float[10000 * network.Outputs];
            List<double> eval = [], forward = [];
            for (var round = 0; round <= rounds; round++)
            {
                var start = Stopwatch.GetTimestamp();
                for (var call = 0; call < CallsARound; call++)
                    _ = await client.GetByteArrayAsync("/eval");
                var evalTime = Stopwatch.GetElapsedTime(start).TotalMilliseconds / CallsARound;
                start = Stopwatch.GetTimestamp();
                for (var call = 0; call < CallsARound; call++)
                    network.Forward(pixels, y);
                if (round == 0)
                    continue; // the first warms up
                forward.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds / CallsARound);
                eval.Add(evalTime);
            }
            double evalMedian = eval.Median(), forwardMedian = forward.Median();
            output.WriteLine("| GET /eval, ms | forward pass of 10,000, ms | ratio |");
            output.WriteLine("|---|---|---|");
            output.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"| {evalMedian:F2} | {forwardMedian:F2} | {evalMedian / forwardMedian:F2} |"));
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    private static async Task WaitAsync(HttpClient client)
    {
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(30); await Task.Delay(100))
        {
            try
            {
                _ = await client.GetByteArrayAsync("/eval");
                return;
            }
            catch (HttpRequestException)
            {
                // not listening yet
            }
        }
        throw new InvalidOperationException("the service does not answer GET /eval");
    }
}
