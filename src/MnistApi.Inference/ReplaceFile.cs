namespace MnistApi.Inference;

/// <summary>Puts a file in place as a whole.</summary>
public static class ReplaceFile
{
    /// <summary>Writes a temporary file in the same folder and renames it over
    /// <paramref name="path"/>; removes it where that fails.</summary>
    public static void With(string path, ReadOnlySpan<byte> bytes)
    {
        var temporary = $"{path}.{Environment.ProcessId}.{Guid.NewGuid():N}.tmp";
        try
        {
            File.WriteAllBytes(temporary, bytes);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
