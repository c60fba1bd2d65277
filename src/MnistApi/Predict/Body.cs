using System.Buffers;
using MnistApi.Overload;

namespace MnistApi.Predict;

/// <summary>A request body, or a part of one, in a rented array that grows as it comes in.</summary>
internal sealed class Body(BodyBudget budget, long room) : IDisposable
{
    /// <summary>An array of this size does not count against the budget, and is rented on a client's word that so much will come.</summary>
    private const int Uncounted = 256 << 10;

    private byte[] _array = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(room, 1, Uncounted));

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Memory => _array.AsMemory(0, Length);

    /// <summary>Where the next bytes go.</summary>
    public Memory<byte> Room(int min)
    {
        if (_array.Length - Length < min)
            Grow(Length + min);
        return _array.AsMemory(Length);
    }

    public void Advance(int bytes) => Length += bytes;

    public void Dispose()
    {
        Return(_array);
        _array = [];
    }

    private void Grow(int needed)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, _array.Length * 2));
        if (larger.Length > Uncounted)
        {
            try
            {
                budget.Take(larger.Length);
            }
            catch
            {
                ArrayPool<byte>.Shared.Return(larger);
                throw;
            }
        }
        Memory.CopyTo(larger);
        Return(_array);
        _array = larger;
    }

    private void Return(byte[] array)
    {
        if (array.Length > Uncounted)
            budget.GiveBack(array.Length);
        ArrayPool<byte>.Shared.Return(array);
    }
}
