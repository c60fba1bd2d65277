using System.Net.Sockets;

namespace MnistApi.TestData;

public static class FreePort
{
    /// <summary>A port of this machine that nobody listened on a moment ago, below those that systems hand out, so that no
    /// connection and no listener that asks for any port takes it in between.</summary>
    public static int Find()
    {
        while (true)
        {
            var port = Random.Shared.Next(10_000, 32_000);
            try
            {
                using var listener = TcpListener.Create(port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody listens there: another is tried.
            }
        }
    }
}
