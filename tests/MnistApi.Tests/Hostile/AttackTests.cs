using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using MnistApi.Tests.Startup;

namespace MnistApi.Tests.Hostile;

/// <summary>
/// Attacks over real connections, each class at a process of its own. Every attack gets an answer that was foreseen, one at most, in time;
/// the process goes on, and its memory stays within the bound. MNIST_ATTACKS names a file to which each class adds its row of the table.
/// </summary>
[Trait("Category", "Slow")]
public sealed partial class AttackTests
{
    private const int MaxMebibytes = 512;
    private const int MaxRefusal = 3000; // little of what was sent is repeated
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20); // beyond it the service hangs
    private static readonly TimeSpan s_quiet = TimeSpan.FromMilliseconds(150); // so long a second answer is waited for

    public static TheoryData<string> Classes => [.. Attacks.ByClass.Select(attacks => attacks.Key)];

    [Theory]
    [MemberData(nameof(Classes))]
    public async Task Nothing_breaks_the_service(string attackClass)
    {
        var wrong = new List<string>();
        await using var service = new ServiceProcess(["--urls", "http://127.0.0.1:0"]);
        using var client = await service.ClientAsync();
        await client.PostAsync("image/png", Pictures.SevenPng).PredictionsAsync();
        var answers = new SortedDictionary<int, int>();
        foreach (var attack in Attacks.ByClass[attackClass])
        {
            var (status, count, length) = await SendAsync(client.BaseAddress!.Port, attack);
            answers[status] = answers.GetValueOrDefault(status) + 1;
            if (!attack.Expected.Contains(status) || count > attack.Answers)
            {
                wrong.Add(
                    $"{attack.Class}: {attack.Name}: {count} answers, the first {status}, expected {string.Join(" or ", attack.Expected)}");
            }
            if (status >= 400 && attack.Answers == 1 && length > MaxRefusal)
                wrong.Add($"{attack.Class}: {attack.Name}: a refusal of {length} characters");
        }
        var peak = service.PeakMebibytes;
        if (peak > MaxMebibytes)
            wrong.Add($"{attackClass}: the process took {peak} MiB");
        Assert.Equal(7, (await client.PostAsync("image/png", Pictures.SevenPng).PredictionsAsync()).Predictions[0].Digit);
        Assert.DoesNotContain(" ERR ", service.Output);
        Assert.DoesNotContain("   at ", service.Output);
        var statuses = string.Join(", ", answers.Select(
            answer => $"{(answer.Key == 0 ? "closed" : answer.Key.ToString(CultureInfo.InvariantCulture))} x {answer.Value}"));
        var row = $"| {attackClass} | {answers.Values.Sum()} | {statuses} | {(peak > 0 ? peak : "")} |\n";
        TestContext.Current.TestOutputHelper?.WriteLine(row);
        if (Environment.GetEnvironmentVariable("MNIST_ATTACKS") is { Length: > 0 } path)
            await File.AppendAllTextAsync(path, row, TestContext.Current.CancellationToken);
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    /// <summary>The first answer's status, 0 where there is none, how many answers came, and how long they are together.</summary>
    private static async Task<(int Status, int Count, int Length)> SendAsync(int port, Attack attack)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync("127.0.0.1", port, TestContext.Current.CancellationToken);
        using var hang = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        hang.CancelAfter(s_patience);
        var sending = WriteAsync(socket, attack, hang.Token);
        var answer = await ReadAsync(socket, hang.Token);
        Assert.False(hang.IsCancellationRequested, $"{attack.Class}: {attack.Name}: no answer in time");
        socket.Close(); // whatever is still being sent
        await sending;
        var statuses = StatusLine().Matches(answer);
        return statuses.Count == 0 ? (0, 0, 0)
            : (int.Parse(statuses[0].Groups[1].Value, CultureInfo.InvariantCulture), statuses.Count, answer.Length);
    }

    private static async Task WriteAsync(Socket socket, Attack attack, CancellationToken hang)
    {
        try
        {
            for (var sent = 0; sent < attack.Bytes.Length;)
                sent += await socket.SendAsync(attack.Bytes.AsMemory(sent), hang);
            while (attack.Endless.Length > 0)
                await socket.SendAsync(attack.Endless, hang);
            if (attack.IsHalfClosed)
                socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // the service has heard enough
        }
    }

    /// <summary>Everything up to the end of the connection, or until no more comes after an answer.</summary>
    private static async Task<string> ReadAsync(Socket socket, CancellationToken hang)
    {
        var answer = new StringBuilder();
        var buffer = new byte[1 << 16];
        try
        {
            while (true)
            {
                using var quiet = CancellationTokenSource.CreateLinkedTokenSource(hang);
                if (answer.Length > 0)
                    quiet.CancelAfter(s_quiet);
                var read = await socket.ReceiveAsync(buffer, quiet.Token);
                if (read == 0)
                    break;
                answer.Append(Encoding.Latin1.GetString(buffer, 0, read));
            }
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException)
        {
            // reset by the service, or quiet
        }
        return answer.ToString();
    }

    [GeneratedRegex(@"HTTP/1\.1 (\d{3}) ")]
    private static partial Regex StatusLine();
}
