namespace MnistApi.Overload;

/// <summary>How many bytes of large request bodies are held in memory at once, of all requests together.</summary>
internal sealed class BodyBudget(long max)
{
    private long _held;

    public long Held => Volatile.Read(ref _held);

    /// <exception cref="RefusedException">There is no room for so many more.</exception>
    public void Take(int bytes)
    {
        if (Interlocked.Add(ref _held, bytes) <= max)
            return;
        GiveBack(bytes);
        throw new RefusedException(Refusal.Overloaded,
            $"the service holds all the request bodies that it has memory for ({max} bytes); try again later");
    }

    public void GiveBack(int bytes) => Interlocked.Add(ref _held, -bytes);
}
