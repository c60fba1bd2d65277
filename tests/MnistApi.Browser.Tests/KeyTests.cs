using System.Security.Cryptography;
using System.Text;

namespace MnistApi.Browser.Tests;

/// <summary>A service that asks for API keys.</summary>
public sealed class KeyTests
{
    private const string Key = "mnist_a-key-for-this-test";

    [Fact]
    public async Task The_page_asks_for_the_key_once_and_goes_on_with_it()
    {
        await using var service = new PageService(
            ("Access:Keys:0:Name", "test"), ("Access:Keys:0:Sha256", Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Key)))));
        await using var visit = await Visit.OpenAsync(service, Visit.Screen);
        visit.ExpectedStatus = 401;
        await visit.WaitAsync("document.querySelector('dialog[open] input')");
        await visit.ShootAsync("key");
        await visit.Page.TypeAsync("dialog input", Key);
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.SeesAsync(7);
        await visit.PressSampleAsync(3);
        await visit.SeesAsync(3);
        await visit.GoToAsync("inside", ".strong line");
        Assert.False(await visit.AskAsync<bool>("document.querySelector('dialog') !== null"));
    }
}
