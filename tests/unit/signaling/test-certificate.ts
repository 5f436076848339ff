/** A self-signed certificate for localhost until the year 2126, and its key: worthless outside of these tests. */
export const testCertificate = `-----BEGIN CERTIFICATE-----
MIIBnDCCAUGgAwIBAgIUWQ4rOqLIImMVdm9vYxBvJx/fsBEwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTA2NTYyMVoYDzIxMjYxMDI4
MDY1NjIxWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASwiYTpOrifYxVrqoege75zt+EnGyGy3g+6burhLlUZWdj9eg7K6s2R
I7FI6MY/jeJWCmG0KW/i78JpS9fq/LIeo28wbTAdBgNVHQ4EFgQUNhEvlLysn12Y
qd7wcbf2VbJtk2cwHwYDVR0jBBgwFoAUNhEvlLysn12Yqd7wcbf2VbJtk2cwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSQAwRgIhAJYtEgKYDjfxjYm0skthW83Z0ZHqxSzV3WjdpagxY405AiEA
wtEXW/V9ZdVq0oNF5qeSj7mscoW8hv634LKCNw8pu88=
-----END CERTIFICATE-----
`

/** The key of testCertificate. */
export const testKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgoPOfg1H7k1jI6YFF
WRWSwhFzh5/wgp/GFe0+WyHxxGyhRANCAASwiYTpOrifYxVrqoege75zt+EnGyGy
3g+6burhLlUZWdj9eg7K6s2RI7FI6MY/jeJWCmG0KW/i78JpS9fq/LIe
-----END PRIVATE KEY-----
`
