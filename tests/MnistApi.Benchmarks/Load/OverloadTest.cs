using System.Diagnostics;
using System.Globalization;

namespace MnistApi.Benchmarks.Load;

/// <summary>
/// A service under half the load that it can take, and under three times as much: what it then
/// answers, how fast, and what becomes of short requests meanwhile.
/// </summary>
internal static class OverloadTest
{
    private const int Port = 9110;
    private const int Connections = 128;
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(5);

    /// <param name="seconds">For each of the loads.</param>
    /// <param name="command">The service, where {port} stands for the port to listen on.</param>
    /// <param name="output">Receives the table.</param>
    public static async Task PrintAsync(int seconds, string command, TextWriter output)
    {
        using var service = Start(command, Port);
        try
        {
            var time = TimeSpan.FromSeconds(seconds);
            var photograph = LoadBodies.Request("image/png", LoadBodies.Photograph);
            var quick = LoadBodies.Request("application/json", LoadBodies.Json(1));
            await new OpenLoop(Port, quick, 4).SaturateAsync(s_warmUp);
            await new OpenLoop(Port, photograph, 4).SaturateAsync(s_warmUp);
            var peak = await new OpenLoop(Port, photograph, 2 * Environment.ProcessorCount).SaturateAsync(time);
            output.WriteLine(
                "| load | offered/s | accepted/s | turned away/s | median, ms | p99, ms | short requests beside it: p99, ms |");
            output.WriteLine("|---|---|---|---|---|---|---|");
            Row("closed loop: the peak", peak, null);
            var (half, besideHalf) = await RunAsync(photograph, quick, 0.5 * peak.Accepted, time);
            Row("half of it", half, besideHalf);
            var (triple, besideTriple) = await RunAsync(photograph, quick, 3 * peak.Accepted, time);
            Row("three times as much", triple, besideTriple);
            output.WriteLine();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"accepted at three times the peak against the peak: {triple.Accepted / peak.Accepted:F2}; "
                + $"p99 against that at half load: {triple.Percentile(0.99) / half.Percentile(0.99):F2}; "
                + $"other answers: {half.Others + triple.Others + besideHalf.Others + besideTriple.Others}"));
        }
        finally
        {
            service.Kill(entireProcessTree: true);
            await service.WaitForExitAsync();
        }

        void Row(string name, LoadResult load, LoadResult? beside) => output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {name} | {load.Offered:F0} | {load.Accepted:F0} | {load.Refused:F0} | "
            + $"{load.Percentile(0.5):F2} | {load.Percentile(0.99):F2} | {beside?.Percentile(0.99):F2} |"));
    }

    /// <summary>The load, and twenty short requests a second beside it.</summary>
    private static async Task<(LoadResult Load, LoadResult Beside)> RunAsync(byte[] request, byte[] quick, double rate, TimeSpan time)
    {
        var load = new OpenLoop(Port, request, Connections).RunAsync(rate, time);
        var beside = new OpenLoop(Port, quick, 2).RunAsync(20, time);
        return (await load, await beside);
    }

    /// <summary>Starts a service and waits until it is ready.</summary>
    public static Process Start(string command, int port)
    {
        var words = command.Replace("{port}", port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal).Split(' ');
        var process = Process.Start(new ProcessStartInfo(words[0], words[1..]) { RedirectStandardOutput = true })!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        using var client = new HttpClient();
        for (var i = 0; ; i++)
        {
            try
            {
                client.GetAsync(new Uri($"http://127.0.0.1:{port}/health/ready")).GetAwaiter().GetResult().EnsureSuccessStatusCode();
                return process;
            }
            catch (HttpRequestException) when (i < 300)
            {
                Thread.Sleep(100);
            }
        }
    }
}
