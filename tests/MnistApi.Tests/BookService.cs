using MnistApi.Cli;
using MnistApi.TestData;

namespace MnistApi.Tests;

/// <summary>The service with the book's weights, converted for the occasion.</summary>
public sealed class BookService : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("book");
    private Service? _service;

    /// <summary>A client; the test is skipped where the book's weights or MNIST cannot be had.</summary>
    public async Task<HttpClient> ClientAsync()
    {
        await Mnist.TestAsync();
        if (_service is null)
        {
            var weights = Path.Combine(_folder.FullName, "book.safetensors");
            using var messages = new StringWriter();
            Assert.Equal(0, await MnistCommand.RunAsync(["convert", await Book.PathAsync(), weights], messages, messages));
            _service = new Service("Production", ("Model:Path", weights), ("Model:Name", "book"));
        }
        return _service.CreateClient();
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_service is not null)
            await _service.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
