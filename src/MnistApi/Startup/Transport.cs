using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using MnistApi.Overload;

namespace MnistApi.Startup;

/// <summary>How bytes come in: larger blocks in Kestrel's memory pool, and on which thread they are answered.</summary>
internal static class Transport
{
    /// <summary>
    /// A body of 180 KB, a hundred images as JSON, takes three blocks instead of forty-five of Kestrel's 4 KiB. A Kestrel that does nothing
    /// but read took 4.3 times as many of them a second (14,800 against 3,400, one core); bodies of 784 bytes gained nothing.
    /// </summary>
    private const int BlockBytes = 64 << 10;

    /// <summary>
    /// The runtime's setting, which the image has, that bytes are taken in on the thread that hears of them. Then the same thread answers
    /// short requests, without a switch of threads. Where the pool takes bytes in, this would be slower than Kestrel's own way.
    /// </summary>
    private const string InlineCompletions = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    public static void AddTransport(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IMemoryPoolFactory<byte>, Factory>();
        if (Environment.GetEnvironmentVariable(InlineCompletions) is "1")
            builder.Services.Configure<SocketTransportOptions>(sockets => sockets.UnsafePreferInlineScheduling = true);
    }

    /// <summary>Keeps the threads that hear of bytes free: all but short work goes to the thread pool at once.</summary>
    public static void UseTransport(this IApplicationBuilder app)
    {
        app.Use(next => context => Thread.CurrentThread.IsThreadPoolThread || ShortWork.IsAnnouncedBy(context.Request)
            ? next(context)
            : InPoolAsync(next, context));

        static async Task InPoolAsync(RequestDelegate next, HttpContext context)
        {
            await ShortWork.ToThreadPool();
            await next(context);
        }
    }

    private sealed class Factory : IMemoryPoolFactory<byte>
    {
        public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new Pool();
    }

    /// <summary>Blocks that are given back are kept, up to a number, and used again before new ones are made.</summary>
    private sealed class Pool : MemoryPool<byte>
    {
        private const int MaxKept = 256; // 16 MiB

        private readonly ConcurrentQueue<Block> _kept = new();

        public override int MaxBufferSize => BlockBytes;

        public override IMemoryOwner<byte> Rent(int minBufferSize = -1) => _kept.TryDequeue(out var block) ? block : new Block(this);

        protected override void Dispose(bool disposing) => _kept.Clear();

        /// <summary>As with Kestrel's own, whoever has a block gives it back once.</summary>
        private sealed class Block(Pool pool) : IMemoryOwner<byte>
        {
            public Memory<byte> Memory { get; } = GC.AllocateUninitializedArray<byte>(BlockBytes, pinned: true);

            public void Dispose()
            {
                if (pool._kept.Count < MaxKept)
                    pool._kept.Enqueue(this);
            }
        }
    }
}
