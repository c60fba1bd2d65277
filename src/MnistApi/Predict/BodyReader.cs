using System.Buffers;
using Microsoft.AspNetCore.Connections;
using MnistApi.Problems;

namespace MnistApi.Predict;

/// <summary>A request body in a rented array.</summary>
internal readonly struct Body(byte[] array, int length) : IDisposable
{
    public ReadOnlySpan<byte> Span => array.AsSpan(0, length);

    public void Dispose() => ArrayPool<byte>.Shared.Return(array);
}

/// <summary>Reads whole bodies within the limit.</summary>
internal static class BodyReader
{
    /// <summary>So much is rented on a client's word; more once it has come.</summary>
    private const int RoomInAdvance = 256 << 10;

    /// <exception cref="RefusedException">The body is longer than allowed, or ends before its announced length.</exception>
    public static async ValueTask<Body> ReadAsync(HttpRequest request, int limit, CancellationToken cancellation)
    {
        if (request.ContentLength > limit)
            throw TooLarge(limit, $"{request.ContentLength}");
        var reader = ContentCoding.Decode(request);
        var array = ArrayPool<byte>.Shared.Rent((int)Math.Min(request.ContentLength ?? RoomInAdvance, RoomInAdvance));
        var length = 0;
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(cancellation);
                var buffer = read.Buffer;
                if (length + buffer.Length > limit)
                {
                    reader.AdvanceTo(buffer.End);
                    throw TooLarge(limit, "more");
                }
                array = WithRoom(array, length, length + (int)buffer.Length);
                buffer.CopyTo(array.AsSpan(length));
                length += (int)buffer.Length;
                reader.AdvanceTo(buffer.End);
                if (read.IsCompleted)
                    return new Body(array, length);
            }
        }
        catch (Exception error)
        {
            ArrayPool<byte>.Shared.Return(array);
            if (error is InvalidDataException)
                throw new RefusedException(Refusal.Malformed, $"the body is not {request.Headers.ContentEncoding}, as its content encoding says", error);
            if (error is IOException and not (BadHttpRequestException or ConnectionResetException))
                throw new RefusedException(Refusal.Malformed, $"the body cannot be read: {error.Message}", error);
            throw;
        }
        finally
        {
            if (reader != request.BodyReader)
                await reader.CompleteAsync(); // gives the decompressor back
        }
    }

    public static RefusedException TooLarge(int limit, string got) =>
        new(Refusal.TooLarge, $"expected a body of at most {limit} bytes, got {got}");

    private static byte[] WithRoom(byte[] array, int used, int needed)
    {
        if (array.Length >= needed)
            return array;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, array.Length * 2));
        array.AsSpan(0, used).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(array);
        return larger;
    }
}
