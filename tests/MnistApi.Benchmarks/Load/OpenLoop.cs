using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace MnistApi.Benchmarks.Load;

/// <summary>
/// Sends one request again and again, at times that do not depend on how fast answers come, as many
/// users together do. A time in which no connection is free counts as waiting.
/// </summary>
internal sealed class OpenLoop(int port, byte[] request, int connections)
{
    /// <param name="rate">Requests a second, at random times (Poisson).</param>
    /// <param name="time">For how long.</param>
    public async Task<LoadResult> RunAsync(double rate, TimeSpan time)
    {
        var due = Channel.CreateUnbounded<long>(new UnboundedChannelOptions { SingleWriter = true });
        var answers = connections > 0 ? Enumerable.Range(0, connections).Select(_ => SendAsync(due.Reader)).ToArray() : [];
        var pacer = new Thread(() => Pace(due.Writer, rate, time)) { IsBackground = true };
        pacer.Start();
        var all = (await Task.WhenAll(answers)).SelectMany(one => one).ToArray();
        return new LoadResult(all, time);
    }

    /// <summary>Each connection sends its next request when it has its answer: what the server can do at most.</summary>
    public async Task<LoadResult> SaturateAsync(TimeSpan time)
    {
        var end = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        var answers = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            using var connection = new Connection(port);
            var own = new List<Answer>();
            for (long start; (start = Stopwatch.GetTimestamp()) < end;)
                own.Add(new Answer(await connection.AskAsync(request), Stopwatch.GetElapsedTime(start)));
            return own;
        })));
        return new LoadResult([.. answers.SelectMany(one => one)], time);
    }

    private async Task<List<Answer>> SendAsync(ChannelReader<long> due)
    {
        using var connection = new Connection(port);
        var answers = new List<Answer>();
        await foreach (var time in due.ReadAllAsync())
            answers.Add(new Answer(await connection.AskAsync(request), Stopwatch.GetElapsedTime(time)));
        return answers;
    }

    private static void Pace(ChannelWriter<long> due, double rate, TimeSpan time)
    {
        var random = new Random(1);
        var start = Stopwatch.GetTimestamp();
        var end = start + time.TotalSeconds * Stopwatch.Frequency;
        for (double next = start; next < end; next -= Math.Log(1 - random.NextDouble()) / rate * Stopwatch.Frequency)
        {
            while (Stopwatch.GetTimestamp() < next)
                Thread.Sleep(next - Stopwatch.GetTimestamp() > Stopwatch.Frequency / 500 ? 1 : 0);
            due.TryWrite((long)next);
        }
        due.Complete();
    }

    /// <summary>A connection that is kept, as plain as can be, so that the client costs less than the server.</summary>
    private sealed class Connection(int port) : IDisposable
    {
        private readonly byte[] _buffer = new byte[64 << 10];
        private Socket? _socket;

        /// <returns>The answer's status.</returns>
        public async Task<int> AskAsync(byte[] request)
        {
            if (_socket is null)
            {
                _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await _socket.ConnectAsync(IPAddress.Loopback, port);
            }
            await _socket.SendAsync(request);
            var length = 0;
            var whole = int.MaxValue;
            while (length < whole)
            {
                var read = await _socket.ReceiveAsync(_buffer.AsMemory(length));
                if (read == 0)
                    throw new IOException("the service closed the connection");
                length += read;
                if (whole == int.MaxValue && _buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8) is >= 0 and var head)
                    whole = head + 4 + ContentLength(Encoding.ASCII.GetString(_buffer, 0, head));
            }
            return int.Parse(_buffer.AsSpan("HTTP/1.1 ".Length, 3), CultureInfo.InvariantCulture);
        }

        public void Dispose() => _socket?.Dispose();

        private static int ContentLength(string head)
        {
            const string Name = "Content-Length: ";
            var at = head.IndexOf(Name, StringComparison.OrdinalIgnoreCase);
            if (at < 0)
                throw new IOException($"expected an answer with a Content-Length, got {head}");
            var end = head.IndexOf('\r', at);
            return int.Parse(head.AsSpan(at + Name.Length, (end < 0 ? head.Length : end) - at - Name.Length), CultureInfo.InvariantCulture);
        }
    }
}

/// <summary>One answer: its status, and how long it took from when it was due.</summary>
internal readonly record struct Answer(int Status, TimeSpan Took);

/// <summary>What a load came to.</summary>
internal sealed class LoadResult(Answer[] answers, TimeSpan time)
{
    private readonly double[] _accepted =
        [.. answers.Where(answer => answer.Status == 200).Select(answer => answer.Took.TotalMilliseconds).Order()];

    public double Offered => answers.Length / time.TotalSeconds;

    public double Accepted => _accepted.Length / time.TotalSeconds;

    public double Refused => answers.Count(answer => answer.Status is 429 or 503) / time.TotalSeconds;

    public int Others => answers.Count(answer => answer.Status is not (200 or 429 or 503));

    /// <summary>Of the accepted requests, in milliseconds.</summary>
    public double Percentile(double share) =>
        _accepted.Length == 0 ? double.NaN : _accepted[Math.Min(_accepted.Length - 1, (int)(share * _accepted.Length))];
}
