using System.Security.Cryptography;

namespace MnistApi.Inference.Datasets;

/// <summary>MNIST was not found and could not be fetched; the message says where it was looked for and what failed.</summary>
public sealed class DatasetUnavailableException : Exception
{
    /// <summary>Makes the error.</summary>
    public DatasetUnavailableException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}

/// <summary>How far the download of one file has come.</summary>
/// <param name="File">Its name.</param>
/// <param name="Received">Bytes so far.</param>
/// <param name="Total">Bytes in all, where the server says.</param>
public readonly record struct DownloadProgress(string File, long Received, long? Total);

/// <summary>
/// Where MNIST comes from: a folder that was named, then the user's cache, then (like the chapter's load_mnist, on
/// first use) the public mirrors. Files may be plain or gzip, with or without .gz in their names, written "idx3-ubyte" or ".idx3-ubyte",
/// and lie in MNIST/raw below the folder, where torchvision puts them.
/// </summary>
public sealed class MnistSource
{
    /// <summary>The environment variable that names the folder, for people and tests alike.</summary>
    public const string EnvironmentVariable = "MNIST_DATA";

    /// <summary>A mirror has this long to deliver one file.</summary>
    public static readonly TimeSpan DownloadTimeout = TimeSpan.FromMinutes(2);

    private static readonly Uri[] s_publicMirrors =
    [
        new("https://ossci-datasets.s3.amazonaws.com/mnist/"),
        new("https://storage.googleapis.com/cvdf-datasets/mnist/"),
    ];

    private static readonly string[] s_places = ["", Path.Combine("MNIST", "raw"), "raw"];
    private static readonly string[] s_endings = ["", ".gz"];

    private readonly string? _folder;
    private readonly bool _download;
    private readonly Func<HttpClient> _client;

    /// <summary>A source that looks in these places.</summary>
    /// <param name="folder">The folder that was named, or null; a download goes there too, else to the cache.</param>
    /// <param name="download">Whether missing files may be fetched.</param>
    /// <param name="client">Makes the client for a download; null for an ordinary one.</param>
    public MnistSource(string? folder, bool download, Func<HttpClient>? client = null)
    {
        _folder = string.IsNullOrWhiteSpace(folder) ? null : Path.GetFullPath(folder);
        _download = download;
        _client = client ?? (() => new HttpClient());
    }

    /// <summary>The folder where this user's downloads are kept.</summary>
    public static string CacheFolder
    {
        get
        {
            var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
            if (string.IsNullOrEmpty(cache))
            {
                cache = OperatingSystem.IsWindows()
                    ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
                    : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
            }
            return Path.Combine(cache, "mnist-api");
        }
    }

    /// <summary>The folders that are looked in, in this order.</summary>
    public IReadOnlyList<string> Folders => _folder is null ? [CacheFolder] : [_folder, CacheFolder];

    /// <summary>Loads one split, fetching its two files first where they are missing and may be fetched.</summary>
    /// <exception cref="DatasetUnavailableException">A file is nowhere and cannot be fetched.</exception>
    /// <exception cref="IdxFormatException">A file was found and is not what it should be; the message names it.</exception>
    /// <exception cref="OperationCanceledException">The token asked to stop.</exception>
    public async Task<MnistSet> LoadAsync(
        MnistSplit split, IProgress<DownloadProgress>? progress = null, CancellationToken cancellation = default)
    {
        var (images, labels) = MnistFile.Of(split);
        return new MnistSet(
            await LoadAsync(images, progress, cancellation).ConfigureAwait(false),
            await LoadAsync(labels, progress, cancellation).ConfigureAwait(false));
    }

    /// <summary>The path of a file, fetched first where it is missing and may be fetched.</summary>
    /// <exception cref="DatasetUnavailableException">It is nowhere and cannot be fetched.</exception>
    /// <exception cref="OperationCanceledException">The token asked to stop.</exception>
    public async Task<string> LocateAsync(
        MnistFile file, IProgress<DownloadProgress>? progress = null, CancellationToken cancellation = default) =>
        Find(file) ?? await FetchAsync(file, progress, cancellation).ConfigureAwait(false);

    /// <summary>
    /// The path of a file in the first of <see cref="Folders"/>, its unpacked bytes checked by SHA-256. What is missing or damaged
    /// there is copied from another folder, or else fetched.
    /// </summary>
    /// <exception cref="DatasetUnavailableException">It is nowhere whole and cannot be fetched.</exception>
    /// <exception cref="OperationCanceledException">The token asked to stop.</exception>
    public async Task<string> EnsureAsync(
        MnistFile file, IProgress<DownloadProgress>? progress = null, CancellationToken cancellation = default)
    {
        foreach (var path in Candidates(file).Where(File.Exists))
        {
            var bytes = await File.ReadAllBytesAsync(path, cancellation).ConfigureAwait(false);
            if (Sha256OfUnpacked(bytes) != file.Sha256)
                continue;
            return path.StartsWith(Folders[0] + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? path
                : Keep(file, IdxReader.Unpack(bytes));
        }
        return await FetchAsync(file, progress, cancellation).ConfigureAwait(false);
    }

    private async Task<IdxArray> LoadAsync(MnistFile file, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        var path = await LocateAsync(file, progress, cancellation).ConfigureAwait(false);
        try
        {
            return IdxReader.Read(await File.ReadAllBytesAsync(path, cancellation).ConfigureAwait(false), file.Dimensions);
        }
        catch (IdxFormatException error)
        {
            throw new IdxFormatException($"{path}: {error.Message}", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DatasetUnavailableException($"{path} cannot be read: {error.Message}", error);
        }
    }

    private string? Find(MnistFile file) => Candidates(file).FirstOrDefault(File.Exists);

    private IEnumerable<string> Candidates(MnistFile file)
    {
        string[] names = [file.Name, file.Name.Replace("-idx", ".idx", StringComparison.Ordinal)];
        return from folder in Folders
               from place in s_places
               from name in names
               from ending in s_endings
               select Path.Combine(folder, place, name + ending);
    }

    /// <summary>Why nothing is found in a folder, where that is not because the file is missing.</summary>
    private static string Looked(string folder)
    {
        if (File.Exists(folder))
            return $"{folder} (a file; the folder that it lies in was expected)";
        try
        {
            _ = Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any();
            return Directory.Exists(folder) ? folder : $"{folder} (there is no such folder)";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"{folder} (which cannot be read: {error.Message})";
        }
    }

    private string Keep(MnistFile file, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            Directory.CreateDirectory(Folders[0]);
            var path = Path.Combine(Folders[0], file.Name);
            ReplaceFile.With(path, bytes.Span);
            return path;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DatasetUnavailableException($"{Folders[0]} cannot be written to: {error.Message}", error);
        }
    }

    private static string Sha256OfUnpacked(ReadOnlyMemory<byte> file)
    {
        try
        {
            return Convert.ToHexStringLower(SHA256.HashData(IdxReader.Unpack(file).Span));
        }
        catch (IdxFormatException)
        {
            return ""; // damaged: no checksum at all
        }
    }

    private async Task<string> FetchAsync(MnistFile file, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        var looked = $"{file.Name} (or .gz) is not in {string.Join(" or ", Folders.Select(Looked))}";
        if (!_download)
            throw new DatasetUnavailableException($"{looked}, and downloading is turned off");
        var failures = new List<string>();
        using var client = _client();
        client.Timeout = DownloadTimeout;
        foreach (var mirror in s_publicMirrors)
        {
            var address = new Uri(mirror, file.Name + ".gz");
            try
            {
                var bytes = await DownloadAsync(client, address, file, progress, cancellation).ConfigureAwait(false);
                return Keep(file, bytes);
            }
            catch (Exception error) when (error is HttpRequestException or IdxFormatException or TimeoutException
                || (error is OperationCanceledException && !cancellation.IsCancellationRequested))
            {
                failures.Add($"{address}: {error.Message}");
            }
        }
        throw new DatasetUnavailableException($"{looked}, and fetching it failed: {string.Join("; ", failures)}");
    }

    private static async Task<ReadOnlyMemory<byte>> DownloadAsync(
        HttpClient client, Uri address, MnistFile file, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(DownloadTimeout);
        using var response = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        var total = response.Content.Headers.ContentLength;
        var body = await response.Content.ReadAsStreamAsync(limit.Token).ConfigureAwait(false);
        using var packed = new MemoryStream();
        var buffer = new byte[1 << 16];
        try
        {
            for (int read; (read = await body.ReadAsync(buffer, limit.Token).ConfigureAwait(false)) > 0;)
            {
                packed.Write(buffer, 0, read);
                if (packed.Length > IdxReader.MaxBytes)
                    throw new IdxFormatException($"expected at most {IdxReader.MaxBytes} bytes");
                progress?.Report(new DownloadProgress(file.Name, packed.Length, total));
            }
        }
        catch (IOException error) // the connection broke: the next mirror may do better
        {
            throw new HttpRequestException(error.Message, error);
        }
        var bytes = IdxReader.Unpack(packed.GetBuffer().AsMemory(0, (int)packed.Length));
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes.Span));
        return sha256 == file.Sha256
            ? bytes
            : throw new IdxFormatException($"expected unpacked bytes with SHA-256 {file.Sha256}, got {sha256}");
    }
}
