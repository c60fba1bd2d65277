using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace MnistApi.Benchmarks;

/// <summary>
/// From the start of a process to its first answered POST /predict, and what memory it holds once it has been idle for a
/// while: the commands take turns, medians over the rounds.
/// </summary>
internal static class StartTime
{
    private const int Port = 9109;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(2);

    /// <param name="rounds">How often each is started.</param>
    /// <param name="bodyFile">A JSON body of one image.</param>
    /// <param name="commands">name=command, where {port} stands for the port to listen on; the first is the yardstick.</param>
    /// <param name="output">Receives the table.</param>
    public static void Print(int rounds, string bodyFile, string[] commands, TextWriter output)
    {
        var request = Request(File.ReadAllBytes(bodyFile));
        var measured = commands.Select(_ => new List<(double Milliseconds, double Megabytes)>()).ToArray();
        for (var round = 0; round <= rounds; round++)
        {
            for (var i = 0; i < commands.Length; i++)
            {
                var one = StartOnce(commands[i].Split('=', 2)[1], request);
                if (round > 0) // the first fills the machine's file cache
                    measured[i].Add(one);
            }
        }
        output.WriteLine("| | first answer, ms | against the first row | idle memory, MiB | against the first row |");
        output.WriteLine("|---|---|---|---|---|");
        double yardTime = 0, yardMemory = 0;
        for (var i = 0; i < commands.Length; i++)
        {
            var time = measured[i].Select(one => one.Milliseconds).Median();
            var memory = measured[i].Select(one => one.Megabytes).Median();
            (yardTime, yardMemory) = i == 0 ? (time, memory) : (yardTime, yardMemory);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {commands[i].Split('=', 2)[0]} | {time:F0} | {time / yardTime:F2} | {memory:F0} | {memory / yardMemory:F2} |"));
        }
    }

    private static (double Milliseconds, double Megabytes) StartOnce(string command, byte[] request)
    {
        var words = command.Replace("{port}", Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal).Split(' ');
        var start = new ProcessStartInfo(words[0], words[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            while (!IsAnswered(request))
            {
                if (process.HasExited || clock.Elapsed > s_patience)
                    throw new InvalidOperationException($"no answer from '{command}'");
                Thread.Sleep(1);
            }
            var milliseconds = clock.Elapsed.TotalMilliseconds;
            Thread.Sleep(s_idle);
            process.Refresh();
            return (milliseconds, process.WorkingSet64 / 1048576.0);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }
    }

    /// <summary>Whether the port takes the request and answers 200.</summary>
    private static bool IsAnswered(byte[] request)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(IPAddress.Loopback, Port);
        }
        catch (SocketException)
        {
            return false; // not listening yet
        }
        socket.Send(request);
        var answer = new byte[64];
        var read = socket.Receive(answer);
        if (!answer.AsSpan(0, read).StartsWith("HTTP/1.1 200"u8))
            throw new InvalidOperationException("the first answer was not 200");
        return true;
    }

    private static byte[] Request(byte[] body) =>
        [.. System.Text.Encoding.ASCII.GetBytes(
            "POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {body.Length}\r\nConnection: close\r\n\r\n"), .. body];
}
